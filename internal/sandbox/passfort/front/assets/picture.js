// Asks for one picture: taken by the camera in the page, or chosen as a file. It is sent as soon as it is there.
import { element, button, buttons, hidden } from '/collect/elements.js';
import { openCamera, takePicture, drawFile, whyNot } from '/collect/camera.js';
import { delivery } from '/collect/delivery.js';

const maxSize = 8 * 1024 * 1024;
const types = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'];
let count = 0;

// renderPicture makes the request for a picture. suffix tells its buttons from those of other pictures, facing is the
// camera to use, received says that there is a picture already, beforeCamera() is told before the camera is opened, and
// send(picture) sends one.
export function renderPicture({ suffix, facing, received, beforeCamera, send }) {
  const id = `picture-${++count}`;
  const named = (text) => [text, suffix ? hidden(': ' + suffix) : ''];
  const note = element('p', { class: 'note', role: 'status' });
  const video = element('video', { class: facing, playsinline: true, hidden: true, 'aria-label': 'What the camera sees' });
  const preview = element('canvas', { hidden: true, role: 'img', 'aria-label': 'Your picture' });
  const open = button('', look, 'quiet');
  const capture = button('', take);
  const cancel = button('', () => stop(open), 'quiet');
  const again = button('', () => parcel.deliver(), 'quiet again');
  const file = element('input', { id, type: 'file', accept: types.join(',') });
  const parcel = delivery(send, say);
  let off = null; // switches the camera off
  let looks = 0;
  video.muted = true;
  capture.append(...named('Capture'));
  cancel.append(...named('Close the camera'));
  again.append(...named('Send again'));
  file.addEventListener('change', choose);
  show();
  say(received ? 'A picture has been received. A new one takes its place.' : '');

  // show puts the buttons in line with what is going on.
  function show() {
    video.hidden = capture.hidden = cancel.hidden = off === null;
    open.hidden = off !== null;
    again.hidden = !parcel.failed();
    open.replaceChildren(...named(received || parcel.any() ? 'Take another photo' : 'Take a photo'));
  }

  function say(text, wrong = false) {
    note.textContent = text;
    note.classList.toggle('error', wrong);
    again.hidden = !parcel.failed();
  }

  async function look() {
    beforeCamera();
    const mine = ++looks;
    try {
      const stop = await openCamera(video, facing);
      if (mine !== looks) {
        stop();
        return;
      }
      off = stop;
    } catch (error) {
      say(whyNot(error), true);
      file.focus();
      return;
    }
    preview.hidden = true;
    show();
    say(facing === 'user' ? 'Look into the camera and press Capture.' : 'Hold the document in front of the camera and press Capture.');
    capture.focus();
  }

  async function take() {
    const taken = await takePicture(video, preview);
    preview.hidden = false;
    file.value = '';
    parcel.hold(taken, 'The photo', 'The photo has been taken. We have received it.');
    stop(open);
    parcel.deliver();
  }

  async function choose() {
    const chosen = file.files[0];
    if (!chosen) {
      return;
    }
    close();
    preview.hidden = true;
    const wrong = unfit(chosen);
    if (wrong) {
      file.value = '';
      say(wrong, true);
      return;
    }
    parcel.hold(chosen, 'The file', `${chosen.name} has been received.`);
    show();
    parcel.deliver();
    preview.hidden = !(await drawFile(chosen, preview));
  }

  // stop switches the camera off and goes on at an element.
  function stop(next) {
    close();
    say('');
    next.focus();
  }

  function close() {
    looks++;
    off?.();
    off = null;
    show();
  }

  const node = element('div', { class: 'picture' }, video, preview, note, buttons(capture, open, cancel, again), element('label', { for: id }, ...named('Or choose a file')), file);
  return { node, close, settled: parcel.settled, failed: parcel.failed };
}

function unfit(file) {
  if (!types.includes(file.type)) {
    return 'This kind of file cannot be read. Choose a picture (JPEG, PNG or WebP) or a PDF.';
  }
  return file.size > maxSize ? 'The file is larger than 8 MB. Choose a smaller one.' : '';
}
