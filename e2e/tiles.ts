// A file of vector tiles for the tests: land everywhere, water west of the middle of each tile, one
// street. PMTiles version 3 and Mapbox Vector Tile 2.1, written by hand as far as these tests go.

type Bounds = { west: number; south: number; east: number; north: number };

const EXTENT = 4096;

/** An archive of all tiles of these zooms that touch the bounds, uncompressed. */
export function archive(bounds: Bounds, zooms: [number, number]): Buffer {
  const tile = vectorTile();
  const ids: bigint[] = [];
  for (let zoom = zooms[0]; zoom <= zooms[1]; zoom++) {
    const [left, top] = at(bounds.west, bounds.north, zoom);
    const [right, bottom] = at(bounds.east, bounds.south, zoom);
    for (let x = left; x <= right; x++) for (let y = top; y <= bottom; y++) ids.push(tileId(zoom, x, y));
  }
  ids.sort((one, other) => (one < other ? -1 : 1));
  // Every entry is the same tile: all lie at offset 0, which is written as 1.
  const deltas = ids.map((id, index) => id - (index > 0 ? ids[index - 1] : 0n));
  const each = (value: bigint) => ids.map(() => value);
  const directory = Buffer.concat([BigInt(ids.length), ...deltas, ...each(1n), ...each(BigInt(tile.length)), ...each(1n)].map(varint));
  const metadata = Buffer.from(JSON.stringify({ attribution: "<b>Drawn</b> for a test", vector_layers: [] }));

  const head = Buffer.alloc(127);
  head.write("PMTiles");
  head[7] = 3;
  const metadataAt = head.length + directory.length;
  const tilesAt = metadataAt + metadata.length;
  const lengths = [head.length, directory.length, metadataAt, metadata.length, tilesAt, 0, tilesAt, tile.length, ids.length, ids.length, 1];
  lengths.forEach((length, index) => head.writeBigUInt64LE(BigInt(length), 8 + 8 * index));
  // Clustered; neither directories nor tiles are compressed; vector tiles.
  head.set([1, 1, 1, 1, zooms[0], zooms[1]], 96);
  [bounds.west, bounds.south, bounds.east, bounds.north].forEach((degrees, index) => head.writeInt32LE(Math.round(degrees * 1e7), 102 + 4 * index));
  head[118] = zooms[0];
  return Buffer.concat([head, directory, metadata, tile]);
}

function vectorTile(): Buffer {
  const square = (left: number, right: number) => [
    9, zigzag(left), zigzag(0),
    26, zigzag(right - left), zigzag(0), zigzag(0), zigzag(EXTENT), zigzag(left - right), zigzag(0),
    15,
  ];
  const street = [9, zigzag(0), zigzag(EXTENT / 2), 10, zigzag(EXTENT), zigzag(0)];
  return Buffer.concat([
    field(3, layer("earth", 3, square(0, EXTENT))),
    field(3, layer("water", 3, square(0, EXTENT / 2))),
    field(3, layer("roads", 2, street)),
  ]);
}

/** A layer with one feature: 2 is a line, 3 a polygon. */
function layer(name: string, type: number, geometry: number[]): Buffer {
  const feature = Buffer.concat([number(3, type), field(4, Buffer.concat(geometry.map((value) => varint(BigInt(value)))))]);
  return Buffer.concat([field(1, Buffer.from(name)), field(2, feature), number(5, EXTENT), number(15, 2)]);
}

const zigzag = (value: number) => (value < 0 ? -2 * value - 1 : 2 * value);
const field = (key: number, bytes: Buffer) => Buffer.concat([varint(BigInt(key * 8 + 2)), varint(BigInt(bytes.length)), bytes]);
const number = (key: number, value: number) => Buffer.concat([varint(BigInt(key * 8)), varint(BigInt(value))]);

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (; value > 127n; value >>= 7n) bytes.push(Number(value & 127n) | 128);
  return Buffer.from([...bytes, Number(value)]);
}

function at(longitude: number, latitude: number, zoom: number): [number, number] {
  const sine = Math.sin((latitude * Math.PI) / 180);
  const scale = 2 ** zoom;
  const y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  return [Math.floor((longitude / 360 + 0.5) * scale), Math.floor(y * scale)];
}

/** Tiles are numbered zoom by zoom, along a Hilbert curve. */
function tileId(zoom: number, x: number, y: number): bigint {
  let id = 0n;
  for (let below = 0; below < zoom; below++) id += 4n ** BigInt(below);
  for (let half = 2 ** (zoom - 1); half >= 1; half /= 2) {
    const [east, south] = [Math.floor(x / half) % 2, Math.floor(y / half) % 2];
    id += BigInt(half) * BigInt(half) * BigInt((3 * east) ^ south);
    if (south === 0) {
      if (east === 1) [x, y] = [half - 1 - (x % half), half - 1 - (y % half)];
      else [x, y] = [x % half, y % half];
      [x, y] = [y, x];
    }
  }
  return id;
}
