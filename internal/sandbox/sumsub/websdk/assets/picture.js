// Asks for one picture: taken by the camera, or chosen as a file where that is allowed. It is sent as soon as it is there.
import { element, button, buttons, field, note } from '/websdk/elements.js';
import { openCamera, takePicture, whyNot } from '/websdk/camera.js';

const types = 'image/jpeg,image/png,application/pdf';

// renderPicture makes the request for a picture of something: send(picture, live) sends one, or says in an error why it is
// of no use.
export function renderPicture({ title, facing, liveOnly, received, send }) {
  const { node: status, say } = note();
  const video = element('video', { class: facing, playsinline: true, hidden: true, 'aria-label': 'What the camera sees' });
  const open = button('Take a photo', look, 'quiet');
  const capture = button('Capture', take);
  const file = element('input', { type: 'file', accept: types });
  const chooser = field('Or choose a file: ' + title, file);
  let off = null; // switches the camera off
  let closed = false;
  video.muted = true;
  chooser.hidden = liveOnly;
  open.setAttribute('aria-label', 'Take a photo: ' + title);
  capture.setAttribute('aria-label', 'Capture: ' + title);
  file.addEventListener('change', () => file.files[0] && deliver(file.files[0], false));
  show();
  say(received ? 'A picture has been received. A new one takes its place.' : '');

  function show() {
    video.hidden = capture.hidden = off === null;
    open.hidden = off !== null;
  }

  async function look() {
    try {
      const stop = await openCamera(video, facing);
      if (closed) {
        stop();
        return;
      }
      off = stop;
      show();
      say('');
      capture.focus();
    } catch (error) {
      say(whyNot(error) + (liveOnly ? '' : ' Or choose a file instead.'), true);
    }
  }

  async function take() {
    const picture = await takePicture(video);
    stop();
    open.focus();
    await deliver(picture, true);
  }

  async function deliver(picture, live) {
    say('The picture is being sent…');
    try {
      await send(picture, live);
    } catch (error) {
      say(error.message, true);
    }
    file.value = '';
  }

  function stop() {
    off?.();
    off = null;
    show();
  }

  const close = () => {
    closed = true;
    stop();
  };
  return { node: element('fieldset', { class: 'picture' }, element('legend', {}, title), video, status, buttons(open, capture), chooser), focus: () => open.focus(), close };
}
