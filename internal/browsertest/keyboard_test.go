package browsertest_test

import (
	"strings"
	"testing"

	"portal/internal/browsertest"
)

func TestFlawsAreFound(t *testing.T) {
	t.Parallel()
	s := site(t, map[string]string{
		"/flawed": `<style>div { display: flex; flex-direction: column-reverse } input, button { min-height: 50px }</style>
			<main><p style="width:2000px">wide</p><input id=nameless><button style="min-height:0;height:20px">small</button>
			<div><p>second</p><p>first</p></div></main>`,
		"/flawless": `<style>input, button { height: 50px }</style><main><h1>Order</h1><label for=a>Name</label><input id=a><button>Send</button></main>`,
	})
	p := browsertest.New(t).Page(t)
	p.Open(s.URL + "/flawed")
	found := strings.Join(p.Flaws(), "\n")
	for _, want := range []string{"wide on a screen", "no name: <input id=\"nameless\">", "too small: small", "read after second, and above it: first"} {
		if !strings.Contains(found, want) {
			t.Errorf("not found: %s\n%s", want, found)
		}
	}
	p.Open(s.URL + "/flawless")
	if found := p.Flaws(); len(found) > 0 {
		t.Errorf("found %v", found)
	}
}

func TestPagesAreUsedByKeysWithoutScripts(t *testing.T) {
	t.Parallel()
	s := site(t, map[string]string{
		"/":     `<form action=/done><label for=a>Name</label><input id=a name=name><button>Send</button></form><script>document.body.innerHTML = "scripts are on"</script>`,
		"/done": "Thank you",
	})
	p := browsertest.New(t).Page(t)
	p.WithoutScripts()
	p.Open(s.URL + "/")
	p.TabTo("Name")
	p.Type("Ada")
	p.TabTo("Send")
	p.Type(browsertest.Enter)
	p.Arrive(s.URL + "/done?name=Ada")
}
