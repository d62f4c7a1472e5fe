// The camera in the page: a stream to look at, and a picture taken from it.

const reasons = {
  NotAllowedError: 'The camera is blocked. Allow it for this page in your browser, or choose a file instead.',
  NotFoundError: 'No camera was found. Choose a file instead.',
  NotReadableError: 'The camera is in use by another app. Close that app and try again, or choose a file instead.'
};

// whyNot says why there is no camera and what to do instead.
export function whyNot(error) {
  return reasons[error?.name] || 'The camera could not be opened. Choose a file instead.';
}

// openCamera shows in a video element what the camera sees; facing is "user" or "environment". It returns a way to
// switch the camera off.
export async function openCamera(video, facing) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: facing, width: { ideal: 1920 }, height: { ideal: 1080 } }
  });
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

// takePicture draws what the camera sees now and returns it as a JPEG.
export function takePicture(video, canvas) {
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d').drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
}

// drawFile draws a picture file, and says whether that was possible: a PDF, for one, is not drawn.
export async function drawFile(file, canvas) {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, 1200 / Math.max(picture.width, picture.height));
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    return true;
  } catch {
    return false;
  }
}
