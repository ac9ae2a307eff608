// Reads a page aloud, block by block, each in the voice of its language; loaded when it is first asked for,
// kept from the first visit. `voice` finds a voice of the phone's own, `silence` ends it.

export function readAloud(voice, silence) {
  const speech = globalThis.speechSynthesis;
  // While this was loaded the reader stopped it, or stopped and began again.
  if (!("aloud" in document.documentElement.dataset) || speech.speaking || speech.pending) return;
  const blocks = [...document.querySelectorAll("#main :is(h1, h2, h3, h4, p, li, dt, dd, td, th)")];
  const read = blocks.filter(
    (block) => !block.querySelector("h1, h2, h3, h4, p, li, dt, dd") && !block.closest("nav, .actions") && block.getClientRects().length,
  );
  for (const block of read) {
    const lang = block.closest("[lang]").lang;
    const speaker = voice(lang);
    if (!speaker || !block.innerText.trim()) continue;
    const said = Object.assign(new SpeechSynthesisUtterance(block.innerText), { lang, voice: speaker });
    said.onend = () => speech.pending || silence();
    speech.speak(said);
  }
  if (!speech.pending && !speech.speaking) silence();
}
