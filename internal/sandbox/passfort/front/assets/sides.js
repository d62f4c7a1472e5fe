// The pictures that are asked for of a document, in words.

const labels = { FRONT: 'Front of the document', BACK: 'Back of the document', SELFIE: 'Selfie' };

// sideLabel is what a picture is called.
export function sideLabel(side) {
  const words = side.toLowerCase().replaceAll('_', ' ');
  return labels[side] || words.charAt(0).toUpperCase() + words.slice(1);
}
