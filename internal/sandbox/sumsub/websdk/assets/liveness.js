// A step that asks whether somebody is really there: a few looks through the camera, between which something must have
// moved. The last of them is the selfie.
import { element, button, buttons, heading, note, paragraph } from '/websdk/elements.js';
import { glance, openCamera, takePicture, whyNot } from '/websdk/camera.js';
import { forApplicant, titleOf } from '/websdk/words.js';

const instructions = ['Look straight into the camera.', 'Turn your head slowly.', 'Look straight into the camera again.'];
const pause = 700; // milliseconds between two looks
const tolerance = 12; // of 255, which the noise of a camera stays below

// renderLiveness makes the step. attempted(answer) tells of an attempt, upload(document, picture) sends the selfie, and
// done() goes on.
export function renderLiveness(step, { attempted, upload, done }) {
  const { node: status, say } = note();
  const video = element('video', { class: 'user', playsinline: true, hidden: true, 'aria-label': 'What the camera sees' });
  const begin = button('Start', attempt);
  let off = null;
  let closed = false;
  video.muted = true;

  async function attempt() {
    try {
      off = await openCamera(video, 'user');
    } catch (error) {
      say(whyNot(error), true);
      return;
    }
    video.hidden = false;
    const looks = await watch();
    const picture = !closed && (await takePicture(video));
    stop();
    if (closed) {
      return;
    }
    const alive = moved(looks);
    attempted(alive ? 'GREEN' : 'RED');
    if (!alive) {
      say('Nothing moved in front of the camera. Please try again.', true);
      return;
    }
    await send(picture);
  }

  async function watch() {
    const looks = [];
    for (const instruction of instructions) {
      say(instruction);
      await new Promise((resolve) => setTimeout(resolve, pause));
      looks.push(glance(video));
    }
    return looks;
  }

  async function send(picture) {
    say('The selfie is being sent…');
    try {
      const { receipt } = await upload({ type: step.types[0], side: '', country: '', live: true, name: 'liveness.jpg' }, picture);
      if (receipt.errors.length === 0) {
        await done();
        return;
      }
      say('The selfie cannot be used. Please try again.', true);
    } catch (error) {
      say(error.message, true);
    }
  }

  function stop() {
    off?.();
    off = null;
    video.hidden = true;
  }

  const close = () => {
    closed = true;
    stop();
  };
  const nodes = [
    heading(titleOf(step)),
    step.comment ? paragraph(forApplicant(step.comment), 'comment') : null,
    paragraph('We take a few pictures of you, to see that you are really there. It needs your camera and takes three seconds.'),
    video,
    status,
    buttons(begin)
  ];
  return { nodes, close };
}

function moved(looks) {
  return looks.slice(1).some((look, i) => look.some((value, at) => Math.abs(value - looks[i][at]) > tolerance));
}
