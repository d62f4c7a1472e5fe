// The page inside the frame: it gets its settings from the page around it and walks the applicant through the level.
import { backend } from '/websdk/backend.js';
import { connect } from '/websdk/host.js';
import { walk } from '/websdk/walk.js';

const host = await connect();
new ResizeObserver(host.resized).observe(document.body);
document.body.classList.toggle('fixed', !host.adapts);
host.onTheme((theme) => document.documentElement.setAttribute('data-theme', theme));
walk(document.getElementById('page'), backend(host), host).start();
