// The page behind a link to the WebSDK: the frame alone, with the access token of the link. Nobody here can give another
// one, so the link is of use for as long as its token.
const token = new URLSearchParams(location.search).get('token') || '';
const noOther = () => Promise.reject(new Error('This link has expired. Please ask for a new one.'));

history.replaceState(null, '', location.pathname);
window.snsWebSdk.init(token, noOther).build().launch('#verification');
