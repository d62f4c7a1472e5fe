// The time while a check runs whose result may bring another form.
import { element, heading, paragraph } from '/collect/elements.js';
import { renderWay, stepsOf } from '/collect/steps.js';

const pause = 1000; // milliseconds between two looks
const long = 30; // looks until the customer is told that it takes long
const tolerated = 5; // failures in a row

// renderWaiting makes the view; takesLong() changes what it says.
export function renderWaiting(request) {
  const status = element('p', { role: 'status' }, 'We are looking at what you have entered. This takes a moment; the page goes on by itself.');
  const nodes = [
    renderWay(request, stepsOf(request).length, 'one moment'),
    heading('Checking your details'),
    element('div', { class: 'waiting' }, element('span', { class: 'spinner', 'aria-hidden': 'true' }), status),
    paragraph('Your answers are saved.', 'hint')
  ];
  const takesLong = () => {
    status.textContent = 'This takes longer than usual. You can wait here, or close this page and come back later.';
  };
  return { nodes, takesLong };
}

// waited loads the request until nothing is waited for, and returns it.
export async function waited(load, view) {
  let failures = 0;
  for (let looks = 1; ; looks++) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (looks === long) {
      view.takesLong();
    }
    try {
      const request = await load();
      failures = 0;
      if (!request.waiting || request.forms.some((form) => form.editable && !form.submitted && form.state === 'SENT')) {
        return request;
      }
    } catch (error) {
      if (error.expired || ++failures === tolerated) {
        throw error;
      }
    }
  }
}
