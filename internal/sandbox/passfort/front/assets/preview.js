// The preview of a theme: the walk through a sample request, begun in the state that the address asks for.
import { sample } from '/collect/sample.js';
import { walk } from '/collect/walk.js';

// The states, each with its request and, where that is not enough, what is pressed.
const states = {
  step: { request: {} },
  error: { request: {}, press: 'form button[type=submit]' },
  document: { request: { submitted: 1 } },
  waiting: { request: { submitted: 2, waiting: true } },
  review: { request: { submitted: 2 } },
  done: { request: { submitted: 2 }, press: '.buttons button' },
  expired: { request: { over: true } }
};

const page = document.getElementById('page');
const { request, press } = states[page.dataset.state];
await walk(page, sample(request), { loaded() {}, top() {} }).start();
if (press) {
  page.querySelector(press).click();
}
