// Asks for a document: which one it is, if there is a choice, and a picture of each of its sides.
import { element } from '/collect/elements.js';
import { describe } from '/collect/description.js';
import { renderChoice } from '/collect/choice.js';
import { renderPicture } from '/collect/picture.js';
import { sideLabel } from '/collect/sides.js';

// renderDocument makes the question. Pictures go to upload(question, side, type, picture) as soon as they are there,
// whose answer is the request as it is then.
export function renderDocument(question, id, upload, several) {
  const words = describe(question, id);
  const types = question.document_types || [];
  const legend = element('legend', {}, question.label, words.optional ? ' ' : null, words.optional);
  const sides = element('div', { class: 'sides' });
  let pictures = [];
  const pick = types.length > 1 ? renderPick() : null;
  const node = element('fieldset', { class: 'field document', 'aria-describedby': words.ids }, legend, words.hint, words.error, pick?.node, sides);
  show(question.document?.type || (types.length === 1 ? types[0].type : ''));

  function renderPick() {
    const choice = { name: question.name + '-type', label: 'Which document do you have?', required: true, answer: question.document?.type };
    const options = types.map((one) => ({ value: one.type, label: one.label }));
    return renderChoice(choice, id + '-type', options, show);
  }

  // show asks for the pictures of one type.
  function show(type) {
    close();
    const elements = types.find((one) => one.type === type)?.elements || [];
    pictures = elements.map((side) => renderSide(type, side, elements.length > 1));
    sides.replaceChildren(...pictures.map((picture) => picture.node));
  }

  function renderSide(type, side, many) {
    const received = question.document?.type === type && question.document.received?.includes(side);
    const picture = renderPicture({
      suffix: [several ? question.label : '', many ? sideLabel(side) : ''].filter(Boolean).join(', '),
      facing: side === 'SELFIE' ? 'user' : 'environment',
      received,
      beforeCamera: close,
      send: (content) => send(side, type, content)
    });
    const node = many ? element('fieldset', { class: 'side' }, element('legend', {}, sideLabel(side)), picture.node) : picture.node;
    return { ...picture, node };
  }

  async function send(side, type, content) {
    const request = await upload(question.name, side, type, content);
    const fresh = request.forms.flatMap((form) => form.sections).flatMap((section) => section.questions);
    question.document = fresh.find((one) => one.name === question.name && one.type === 'document')?.document;
    words.complain('', node, []);
  }

  function focus() {
    const press = sides.querySelector('.again:not([hidden])') || sides.querySelector('button:not([hidden])');
    (press || pick)?.focus();
  }

  function close() {
    pictures.forEach((picture) => picture.close());
  }

  return {
    name: question.name,
    id,
    node,
    focus,
    complain: (message) => words.complain(message, node, []),
    settled: () => Promise.all(pictures.map((picture) => picture.settled())),
    unsent: () => (pictures.some((picture) => picture.failed()) ? 'A picture could not be sent. Please send it again.' : ''),
    close
  };
}
