// The camera in the page: a stream to look at, and pictures taken from it.

const reasons = {
  NotAllowedError: 'The camera is blocked. Allow it for this page in your browser and try again.',
  NotFoundError: 'No camera was found. Please use a device that has one.',
  NotReadableError: 'The camera is in use by another app. Close that app and try again.'
};

// whyNot says why there is no camera and what to do.
export const whyNot = (error) => reasons[error?.name] || 'The camera could not be opened. Please try again.';

// openCamera shows in a video element what the camera sees; facing is "user" or "environment". It returns a way to
// switch the camera off.
export async function openCamera(video, facing) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: facing, width: { ideal: 1280 }, height: { ideal: 720 } } });
  const off = () => {
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
  video.srcObject = stream;
  try {
    await video.play();
  } catch (error) {
    off();
    throw error;
  }
  return off;
}

// takePicture is what the camera sees now, as a JPEG. As cameras do it writes into the picture when it was taken, so that no
// two are the same to the byte, which would be refused; those of a fake camera could be.
export async function takePicture(video) {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d').drawImage(video, 0, 0);
  const picture = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
  const comment = new TextEncoder().encode(new Date().toISOString());
  const header = Uint8Array.of(0xff, 0xfe, 0, comment.length + 2); // of a comment, which comes right after the picture's start
  return new Blob([picture.slice(0, 2), header, comment, picture.slice(2)], { type: picture.type });
}

// glance is a small copy of what the camera sees now, to compare with another.
export function glance(video) {
  const context = new OffscreenCanvas(64, 48).getContext('2d', { willReadFrequently: true });
  context.drawImage(video, 0, 0, 64, 48);
  return context.getImageData(0, 0, 64, 48).data;
}
