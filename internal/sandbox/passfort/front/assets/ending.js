// The views without a way on: the request is done, over, or cannot be loaded.
import { element, heading, paragraph, button, buttons } from '/collect/elements.js';

const pause = 800; // milliseconds in which the last words can be seen

// renderSubmitted says that everything has arrived and sends the browser on: the whole window, the frame alone, or not
// at all.
export function renderSubmitted(end) {
  const nodes = [mark(), heading('Data successfully submitted.')];
  const way = end.redirect || 'top';
  const address = way === 'none' ? null : webAddress(end.redirect_url);
  if (!address) {
    return [...nodes, paragraph('Thank you. There is nothing more to do here.', 'intro')];
  }
  const link = element('a', { class: 'button', href: address, target: way === 'frame' ? '_self' : '_top' }, 'Continue');
  setTimeout(() => go(way, address), pause);
  return [...nodes, paragraph('Thank you. You will be taken on in a moment.', 'intro'), buttons(link)];
}

function go(way, address) {
  const target = way === 'frame' ? window : window.top;
  try {
    target.location = address;
  } catch {
    // The page around the frame does not let it go. The link is there.
  }
}

// webAddress is an address of the web, or nothing: no other kind is followed.
function webAddress(text) {
  try {
    const address = new URL(text);
    return /^https?:$/.test(address.protocol) ? address.href : null;
  } catch {
    return null;
  }
}

function mark() {
  return element('div', { class: 'mark', 'aria-hidden': 'true' });
}

// renderExpired is all that the holder of a request that is over gets to see.
export function renderExpired() {
  return [heading('This request has expired.'), paragraph('Please ask for a new link if you still need to complete the forms.', 'intro')];
}

// renderFailure says that the server cannot be understood; again() is another try.
export function renderFailure(again) {
  return [
    heading('The forms could not be loaded.'),
    paragraph('What you have already sent is kept. Please try again in a moment.', 'intro'),
    buttons(button('Try again', again))
  ];
}
