// Looks at a picture before it is sent, so that nobody waits for an upload only to learn that it cannot be read. The server looks again: what it says
// counts.
(() => {
  'use strict';
  const form = document.querySelector('[data-picture]');
  if (!form) {
    return;
  }
  const texts = form.querySelector('[data-texts]').dataset;
  const known = (form.dataset.known ?? '').split(' ').filter(Boolean);
  const beginnings = [
    ['picture', /^\xff\xd8\xff|^\x89PNG\r\n\x1a\n/],
    ['tiff', /^(II\*\0|MM\0\*|II\+\0|MM\0\+)/],
    ['heic', /^[^]{4}ftyp(hei|hev|mif1|msf1|avi[fs])/],
    ['film', /^[^]{4}ftyp|^\x1a\x45\xdf\xa3/],
    ['paper', /%PDF-/],
  ];

  // kind tells what a file is by how it begins. Its name says nothing.
  async function kind(file) {
    const start = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
    const text = Array.from(start, (byte) => String.fromCharCode(byte)).join('');
    return beginnings.find(([, pattern]) => pattern.test(text))?.[0];
  }

  // twice says whether the same picture is there already. Without TLS browsers cannot tell.
  async function twice(file) {
    if (known.length === 0 || !window.crypto?.subtle) {
      return false;
    }
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    return known.includes(Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''));
  }

  // pictureFault resolves to what is wrong with a file, in words, or to nothing.
  form.pictureFault = async (file) => {
    if (!file) {
      return texts.missing;
    }
    if (file.size === 0) {
      return texts.empty;
    }
    if (file.size > Number(form.dataset.most)) {
      return texts.big;
    }
    try {
      const is = await kind(file);
      if (is === undefined || is === 'tiff' || is === 'heic') {
        return texts[is ?? 'format'];
      }
      if (is === 'paper' && form.dataset.face !== undefined) {
        return texts.face;
      }
      return (await twice(file)) ? texts.twice : '';
    } catch {
      return texts.failed; // it was moved or changed since it was chosen
    }
  };
})();
