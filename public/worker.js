// The members' replica, in a worker of its own. An error here reaches the page as the worker's
// "error" event; a rejected promise would not.
import start from "{{replica.js}}";
import { hear } from "{{vault.js}}";

// Browsers before 2022 have no such thing; the replica ends its waiting for the relay by it.
AbortSignal.timeout ??= (ms, late = new AbortController()) => (setTimeout(() => late.abort(), ms), late.signal);

addEventListener("message", hear);

// Reading opening hours is a program of its own, loaded when it is first asked for.
let hours;
globalThis.explainHours = async (written, country, today) => {
  hours ??= import("{{hours.js}}").then(async (program) => {
    await program.default();
    return program;
  });
  try {
    return (await hours).explain(written, country, today);
  } catch (error) {
    // Not loaded, or stopped: the next question starts another.
    hours = undefined;
    throw error;
  }
};

start().catch((error) => setTimeout(() => { throw error; }));
