
// Development builds only: reload when there is a newer build.
(async () => {
  let seen;
  for (;;) {
    const answer = await fetch("/dev/build", { cache: "no-store" }).catch(() => undefined);
    if (answer?.status === 404) return;
    const build = answer?.ok ? await answer.text() : undefined;
    if (build && seen && build !== seen) {
      const kept = await navigator.serviceWorker?.getRegistrations() ?? [];
      await Promise.all(kept.map((worker) => worker.unregister()));
      location.reload();
      return;
    }
    seen ??= build;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
})();
