// Sends a picture and says how that goes. Pictures are sent one after the other, so that the last one counts.
import { Refused } from '/collect/backend.js';

// delivery makes a way to send pictures by send(picture); say(text, wrong) tells the customer.
export function delivery(send, say) {
  let held = null; // the latest picture, with what it is called and what is said once it has arrived
  let lost = false; // it has not arrived, and may if it is sent again
  let sending = Promise.resolve();

  async function attempt(one) {
    if (one !== held) {
      return;
    }
    say(`${one.name} is being sent…`);
    try {
      await send(one.picture);
      lost = false;
      say(one.arrived);
    } catch (error) {
      lost = !(error instanceof Refused && error.status < 500);
      say(lost ? `${one.name} could not be sent. Please check your connection and try again.` : error.message, true);
    }
  }

  return {
    hold(picture, name, arrived) {
      held = { picture, name, arrived };
      lost = false;
    },
    deliver() {
      const one = held;
      sending = sending.then(() => attempt(one));
    },
    settled: () => sending,
    any: () => held !== null,
    failed: () => lost
  };
}
