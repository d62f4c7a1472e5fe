// Takes a picture with the camera: on phones with the camera's own program, on computers on the page. The picture goes into the field for the file as if it
// had been chosen there.
(() => {
  'use strict';
  const form = document.querySelector('[data-picture]');
  if (!form || !window.DataTransfer) {
    return;
  }
  const input = form.querySelector('#file');
  const shot = form.querySelector('[data-shot]');
  const camera = form.querySelector('[data-camera]');
  const closed = camera.querySelector('[data-closed]');
  const opened = camera.querySelector('[data-opened]');
  const denied = camera.querySelector('[data-denied]');
  const video = camera.querySelector('video');
  let stream = null;
  let opening = false; // the browser asks whether the page may

  function put(file) {
    const transfer = new DataTransfer();
    transfer.items.add(file);
    input.files = transfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }

  async function open() {
    if (opening || stream) {
      return;
    }
    opening = true;
    denied.hidden = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: 'face' in form.dataset ? 'user' : 'environment', width: { ideal: 1920 }, height: { ideal: 1080 } },
      });
      video.srcObject = stream;
      await video.play();
      closed.hidden = true;
      opened.hidden = false;
      opened.querySelector('[data-take]').focus();
    } catch {
      close();
      denied.hidden = false;
    } finally {
      opening = false;
    }
  }

  function close() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    opened.hidden = true;
    closed.hidden = false;
  }

  // take keeps what the camera sees now.
  function take() {
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext('2d').drawImage(video, 0, 0);
    canvas.toBlob(
      (picture) => {
        close();
        if (!picture) {
          denied.hidden = false;
          return;
        }
        put(new File([picture], 'camera.jpg', { type: 'image/jpeg' }));
        form.querySelector('[type=submit]').focus();
      },
      'image/jpeg',
      0.92,
    );
  }

  // offer shows the way that this device has.
  async function offer() {
    if (matchMedia('(pointer: coarse)').matches) {
      shot.hidden = false;
      return;
    }
    const devices = await navigator.mediaDevices?.enumerateDevices?.();
    camera.hidden = !devices?.some((device) => device.kind === 'videoinput');
  }

  shot.querySelector('input').addEventListener('change', (event) => {
    if (event.target.files.length > 0) {
      put(event.target.files[0]);
    }
  });
  camera.querySelector('[data-open]').addEventListener('click', open);
  camera.querySelector('[data-take]').addEventListener('click', take);
  camera.querySelector('[data-close]').addEventListener('click', () => {
    close();
    camera.querySelector('[data-open]').focus();
  });
  addEventListener('pagehide', close);
  offer().catch(() => {}); // without a camera there is still the field
})();
