// A step that asks for what the applicant says about themselves.
import { element, button, buttons, field, heading, list, note, paragraph } from '/websdk/elements.js';
import { forApplicant, labelOf, titleOf } from '/websdk/words.js';

const countries = ['country', 'nationality', 'countryOfBirth', 'address.country'];
const kinds = { dob: 'date', email: 'email', phone: 'tel' };

// renderData makes the step. save(data) stores what was typed, and done() goes on.
export function renderData(step, all, { save, done }) {
  const { node: status, say } = note();
  const fields = step.fields.map((one) => renderField(one, step.data[one.name] || '', all));

  async function proceed() {
    const data = Object.fromEntries(fields.map((one) => [one.name, one.value().trim()]));
    const missing = fields.filter((one) => one.required && !data[one.name]);
    if (missing.length > 0) {
      say(`Please fill in: ${missing.map((one) => labelOf(one.name)).join(', ')}.`, true);
      return;
    }
    try {
      await save(data);
      await done();
    } catch (error) {
      say(error.message, true);
    }
  }

  const comment = step.comment ? paragraph(forApplicant(step.comment), 'comment') : null;
  return { nodes: [heading(titleOf(step)), comment, ...fields.map((one) => one.node), status, buttons(button('Continue', proceed))], close() {} };
}

function renderField({ name, required }, value, all) {
  const label = labelOf(name) + (required ? '' : ' (optional)');
  if (countries.includes(name)) {
    return { name, required, ...list(label, all.map((one) => [one.code, one.name]), value) };
  }
  const control = element('input', { type: kinds[name] || 'text', value });
  return { name, required, node: field(label, control), value: () => control.value };
}
