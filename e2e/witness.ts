// A member without a browser that only listens: what the relay has, change by change.
import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import type { Relay } from "./relay.ts";

export type Change = { feedSeq: number; record: string; bytes: Buffer };

export class Witness {
  private since = 0;
  /** Everything that the relay has accepted, as far as it was asked. */
  readonly changes: Change[] = [];

  private constructor(
    private readonly guide: string,
    private readonly relay: Relay,
    private readonly token: string,
  ) {}

  static async join(relay: Relay, guide: string): Promise<Witness> {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { x, y } = publicKey.export({ format: "jwk" });
    const point = Buffer.concat([Buffer.from([4]), Buffer.from(x!, "base64url"), Buffer.from(y!, "base64url")]);
    const token = new URL(await relay.invite(guide, "contributor")).hash.slice(1);
    const signed = Buffer.concat([Buffer.from(`socle-join-v1\0${token}`), point]);
    const proof = sign("sha256", signed, { key: privateKey, dsaEncoding: "ieee-p1363" });
    const answer = await fetch(`${relay.origin}/api/invites`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token, public_key: point.toString("hex"), pseudonym: `Témoin ${randomUUID().slice(0, 8)}`, proof: proof.toString("hex") }),
    });
    if (!answer.ok) throw new Error(`a witness is not let in: ${await answer.text()}`);
    return new Witness(guide, relay, ((await answer.json()) as { read_token: string }).read_token);
  }

  /** Hears what is new. */
  async hear(): Promise<void> {
    for (let more = true; more; ) {
      const answer = await this.ask(`feed?since=${this.since}`);
      const page = cbor(Buffer.from(await answer.arrayBuffer()));
      for (const [feedSeq, record, bytes] of page[3]) this.changes.push({ feedSeq, record: record.toString("hex"), bytes });
      [, this.since, more] = page;
    }
  }

  /** The changes in which these words stand. Words must be a value of their own: prose is spliced. */
  with(words: string): Change[] {
    return this.changes.filter(({ bytes }) => bytes.includes(words));
  }

  /** A record as the relay has it. */
  async tree(record: string): Promise<any> {
    const last = this.changes.findLast((change) => change.record === record)!;
    return (await (await this.ask(`records/${record}/history/${last.feedSeq}`)).json()).tree;
  }

  private async ask(what: string): Promise<Response> {
    const answer = await fetch(`${this.relay.origin}/api/guides/${this.guide}/${what}`, { headers: { authorization: `Bearer ${this.token}` } });
    if (!answer.ok) throw new Error(`${what}: ${answer.status}`);
    return answer;
  }
}

/** As much of CBOR as the feed has: numbers, bytes, text, arrays, yes and no. */
function cbor(bytes: Buffer): any {
  let at = 0;
  const item = (): any => {
    const head = bytes[at++];
    const [kind, small] = [head >> 5, head & 31];
    if (kind === 7) return small === 21;
    let size = small;
    if (small >= 24) {
      const wide = 1 << (small - 24);
      size = wide === 8 ? Number(bytes.readBigUInt64BE(at)) : bytes.readUIntBE(at, wide);
      at += wide;
    }
    if (kind === 0) return size;
    if (kind === 4) return Array.from({ length: size }, item);
    const part = bytes.subarray(at, (at += size));
    return kind === 3 ? part.toString() : part;
  };
  return item();
}
