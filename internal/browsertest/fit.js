// What keeps a page from being read and used: text that is cut off, a page wider than the screen, a focus that is not seen.
() => {
  'use strict';
  const slack = 1.5; // pixels by which browsers round

  function name(element) {
    const text = element.textContent.replace(/\s+/g, ' ').trim().slice(0, 60);
    return `<${element.localName}${element.id && ' id=' + element.id}${element.className && ' class=' + element.className}> ${text}`;
  }

  // seen says whether an element is there for eyes: what is only heard is cut off on purpose.
  function seen(element) {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && element.checkVisibility({ visibilityProperty: true }) && !element.closest('.visually-hidden, .skip');
  }

  function clips(element) {
    const { overflowX, overflowY } = getComputedStyle(element);
    return (overflowX !== 'visible' && element.scrollWidth > element.clientWidth + slack) || (overflowY !== 'visible' && element.scrollHeight > element.clientHeight + slack);
  }

  function spills(element) {
    const box = element.getBoundingClientRect();
    return box.left < -slack || box.right > document.documentElement.clientWidth + slack;
  }

  // outgrown says whether what is read in an element stands outside of it.
  function outgrown(element) {
    const box = element.getBoundingClientRect();
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (texts.nextNode()) {
      range.selectNodeContents(texts.currentNode);
      const text = range.getBoundingClientRect();
      const out = text.left < box.left - slack || text.right > box.right + slack || text.top < box.top - slack || text.bottom > box.bottom + slack;
      if (out && text.width > 0 && seen(texts.currentNode.parentElement)) {
        return true;
      }
    }
    return false;
  }

  function misfits() {
    const root = document.documentElement;
    const found = root.scrollWidth > root.clientWidth ? [`it is ${root.scrollWidth} wide on a screen of ${root.clientWidth}`] : [];
    for (const element of document.body.querySelectorAll('*')) {
      if (!seen(element) || element.localName === 'option' || element.localName === 'optgroup') {
        continue;
      }
      if (spills(element)) {
        found.push('spills over the edge: ' + name(element));
      } else if (clips(element) && !element.matches('input, select, iframe, video, progress')) {
        found.push('is cut off: ' + name(element));
      } else if (element.matches('button, .button, .panel, .progress, .summary, .flow') && outgrown(element)) {
        found.push('has outgrown its box: ' + name(element));
      }
    }
    return found;
  }

  function marks(element) {
    const style = getComputedStyle(element);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow].join(' ');
  }

  // look is how an element and its labels are marked.
  function look(element) {
    return [element, ...(element.labels || [])].map(marks).join('; ');
  }

  function unmarked() {
    const controls = document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not(main)');
    return Array.from(controls).filter((element) => {
      if (!element.checkVisibility({ visibilityProperty: true })) {
        return false;
      }
      document.activeElement.blur();
      const before = look(element);
      element.focus();
      return document.activeElement === element && look(element) === before;
    }).map(name);
  }

  function moving() {
    const moves = (animation) => animation.playState === 'running' && animation.effect.getTiming().duration > 0; // what takes no time appears
    return document.getAnimations().filter(moves).map((animation) => name(animation.effect.target));
  }

  return { misfits, unmarked, moving };
}
