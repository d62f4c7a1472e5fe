// A step that asks for a document: its country, its type, and a picture of each of its sides, the front first.
import { element, button, buttons, heading, list, note, paragraph } from '/websdk/elements.js';
import { renderPicture } from '/websdk/picture.js';
import { forApplicant, labelOf, titleOf } from '/websdk/words.js';

const twoSided = ['ID_CARD', 'DRIVERS', 'RESIDENCE_PERMIT'];
const portraits = /^(SELFIE|VIDEO_SELFIE|PROFILE_IMAGE)$/;

// renderDocument makes the step. upload(document, picture) sends a picture and answers with what became of it and the
// step as it is then; done() goes on, if nothing is missing.
export function renderDocument(step, countries, { upload, done }) {
  const portrait = step.types.every((type) => portraits.test(type));
  const chosenType = step.type || (step.types.length === 1 ? step.types[0] : '');
  const type = list('Which document is it?', step.types.map((one) => [one, labelOf(one)]), chosenType, show);
  const country = list('Which country issued it?', countries.map((one) => [one.code, one.name]), step.country, show);
  const places = element('div', { class: 'pictures' });
  const { node: status, say } = note();
  const proceeding = button('Continue', proceed);
  let pictures = [];
  type.node.hidden = step.types.length === 1;
  country.node.hidden = portrait;
  show();

  // show asks for the pictures of what is chosen, those that are missing and those that can be replaced.
  function show() {
    close();
    const chosen = type.value();
    const missing = missingOf(step, chosen);
    const ready = chosen && (portrait || country.value());
    const sides = ready ? sidesOf(step, chosen) : [];
    const first = sides.find((side) => missing.includes(side));
    const asked = sides.filter((side) => side === first || !missing.includes(side));
    pictures = asked.map((side) => ({ ...picture(chosen, side, !missing.includes(side)), wanted: missing.includes(side) }));
    places.replaceChildren(...pictures.map((one) => one.node));
  }

  function picture(chosen, side, received) {
    return renderPicture({
      title: side ? labelOf(side) : labelOf(chosen),
      facing: portrait ? 'user' : 'environment',
      liveOnly: step.live,
      received,
      send: (content, live) => send({ type: chosen, side, country: country.value(), live, name: content.name || 'photo.jpg' }, content)
    });
  }

  async function send(document, content) {
    const { receipt, step: fresh } = await upload(document, content);
    step = fresh;
    if (receipt.errors.length > 0) {
      throw new Error(`This picture cannot be used (${receipt.errors.map(labelOf).join(', ')}). Please take another one.`);
    }
    show();
    const doubts = receipt.warnings.map(labelOf).join(', ');
    say(doubts ? `The picture has been received. There is a doubt about it: ${doubts}.` : 'The picture has been received.');
    (pictures.find((one) => one.wanted) || proceeding).focus();
  }

  async function proceed() {
    if (!(await done())) {
      say('Something is still missing. Please add the pictures that are asked for.', true);
    }
  }

  function close() {
    pictures.forEach((one) => one.close());
  }

  const nodes = [
    heading(titleOf(step)),
    step.comment ? paragraph(forApplicant(step.comment), 'comment') : null,
    portrait ? paragraph('Look straight into the camera, in good light.') : null,
    country.node,
    type.node,
    places,
    status,
    buttons(proceeding)
  ];
  return { nodes, close };
}

// sidesOf are the sides of a type of document; an empty one is the only side of a one-sided one.
function sidesOf(step, type) {
  const oneSide = step.sides.length > 0 && !step.sides.includes('BACK_SIDE') && (!step.type || step.type === type);
  return twoSided.includes(type) && !oneSide ? ['FRONT_SIDE', 'BACK_SIDE'] : [''];
}

// missingOf are those that are still to be given: all of them, if it is another document than before.
function missingOf(step, type) {
  return step.type === type ? step.missing : sidesOf(step, type);
}
