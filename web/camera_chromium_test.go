package web_test

import (
	"net/http"
	"testing"
)

// asking is a page of the provider's that says what it may use of the browser.
const asking = `<!DOCTYPE html><html lang="en"><title>Form</title><p id="said"></p><script>
	const may = ['camera', 'microphone', 'geolocation', 'display-capture'].filter((power) => document.featurePolicy.allowsFeature(power));
	document.getElementById('said').textContent = 'This frame may use: ' + (may.join(', ') || 'nothing');
	parent.postMessage('here', '*');
</script></html>`

// The page lends the provider's origin the camera and nothing else, and there only the frame has it that the provider's
// script names.
func TestCameraIsLentToTheFrameOfTheFormsAlone(t *testing.T) {
	t.Parallel()
	o := withLink(t)
	answers := map[string]http.HandlerFunc{
		"/embed.js": saysScript(`window.PassFortCollect = { initFromUrl() {
			const at = document.querySelector('script[src*="embed.js"]').src;
			for (const [path, allow] of [['/form', 'camera; microphone; geolocation; display-capture'], ['/other', '']]) {
				const frame = document.createElement('iframe');
				frame.allow = allow;
				frame.src = new URL(path, at);
				document.getElementById('collection-wrapper').append(frame);
			}
		} }`),
		"/form": saysPage(asking), "/other": saysPage(asking),
	}
	trouble := func(w http.ResponseWriter, r *http.Request) bool {
		answer, ok := answers[r.URL.Path]
		if ok {
			answer(w, r)
		}
		return ok
	}
	o.front.trouble.Store(&trouble)
	o.follow()
	o.Frame(o.front.url + "/form").See("This frame may use: camera")
	if o.Frame(o.front.url + "/form").Sees("camera,") {
		t.Error("the frame has more than the camera")
	}
	o.Frame(o.front.url + "/other").See("This frame may use: nothing")
}

func saysPage(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(text))
	}
}
