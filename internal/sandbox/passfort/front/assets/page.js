// The page inside the frame: it gets the pair from the page around it and walks through the customer request.
import { backend } from '/collect/backend.js';
import { openPair, reportLoaded, reportHeight, reportTop } from '/collect/parent.js';
import { walk } from '/collect/walk.js';

new ResizeObserver(reportHeight).observe(document.documentElement);
const pair = await openPair();
walk(document.getElementById('page'), backend(pair), { loaded: reportLoaded, top: reportTop }).start();
