// Asks for a photo of a document: taken by the camera in the frame, or chosen as a file.
import { element, button } from '/collect/elements.js';

const maxSize = 8 * 1024 * 1024;

// renderPhoto makes the question. chosen() is the picture, if any; close() switches the camera off.
export function renderPhoto(hasPhoto) {
  let picture = null;
  let stream = null;
  const note = element('p', { class: 'note', role: 'status' }, hasPhoto ? 'A photo has been received. A new one takes its place.' : '');
  const video = element('video', { playsinline: '', hidden: '', 'aria-label': 'What the camera sees' });
  const preview = element('canvas', { hidden: '', role: 'img', 'aria-label': 'The photo taken' });
  const open = button('Take a photo', takePhoto, 'quiet');
  const capture = button('Capture', keepPhoto);
  const file = element('input', { id: 'photo-file', type: 'file', accept: 'image/jpeg,image/png,image/webp' });
  capture.hidden = true;
  video.muted = true;
  file.addEventListener('change', chooseFile);

  async function takePhoto() {
    close();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    } catch {
      note.textContent = 'The camera could not be opened. Allow it in your browser, or choose a file instead.';
      return;
    }
    video.srcObject = stream;
    await video.play();
    video.hidden = false;
    preview.hidden = true;
    capture.hidden = false;
    open.hidden = true;
    note.textContent = 'Hold your document in front of the camera and press Capture.';
    capture.focus();
  }

  async function keepPhoto() {
    preview.width = video.videoWidth;
    preview.height = video.videoHeight;
    preview.getContext('2d').drawImage(video, 0, 0);
    picture = await new Promise((resolve) => preview.toBlob(resolve, 'image/jpeg', 0.9));
    file.value = '';
    close();
    preview.hidden = false;
    open.textContent = 'Take another photo';
    note.textContent = 'The photo has been taken.';
    open.focus();
  }

  function chooseFile() {
    close();
    picture = file.files[0] || null;
    preview.hidden = true;
    note.textContent = picture ? 'The file is ready to be sent.' : '';
    if (picture && picture.size > maxSize) {
      picture = null;
      file.value = '';
      note.textContent = 'The file is larger than 8 MB. Please choose a smaller one.';
    }
  }

  function close() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    video.hidden = true;
    capture.hidden = true;
    open.hidden = false;
  }

  const node = element(
    'div',
    { class: 'field photo' },
    note,
    video,
    preview,
    element('div', { class: 'buttons' }, capture, open),
    element('label', { for: 'photo-file' }, 'Or choose a file'),
    file
  );
  return { node, chosen: () => picture, close };
}
