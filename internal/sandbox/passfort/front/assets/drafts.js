// Keeps what has been typed on the server: one call at a time, the latest answers of a form last.

// keeper makes a place for drafts; send(form, answers) makes the call. A draft that fails is let go, since Continue
// sends the answers again.
export function keeper(send) {
  const waiting = new Map();
  let running = null;

  function sendNext() {
    const [form, answers] = waiting.entries().next().value;
    waiting.delete(form);
    return send(form, answers).catch(() => {});
  }

  async function run() {
    while (waiting.size > 0) {
      await sendNext();
    }
    running = null;
  }

  return {
    keep(form, answers) {
      waiting.set(form, answers);
      running ||= run();
    },
    settled: () => running || Promise.resolve(),
    // hurry sends what waits without its turn, since the page may not be there much longer.
    hurry() {
      while (waiting.size > 0) {
        sendNext();
      }
    }
  };
}
