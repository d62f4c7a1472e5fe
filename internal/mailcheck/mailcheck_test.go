package mailcheck

import (
	"fmt"
	"strings"
	"testing"
)

// good is a template that there is nothing to say about.
const good = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Please complete your details</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<style>@media (prefers-color-scheme: dark) { .text { color: #fff !important; } }</style>
</head>
<body style="margin:0">
<div style="display:none;max-height:0;overflow:hidden">We need details from you.</div>
<table role="presentation" width="100%"><tr><td style="background-color:#fff;font:16px/1.5 Arial;color:#222">
<img src="https://acme.example/logo.png" alt="Acme" width="120" height="40">
<p>Dear customer,</p>
<p>{{editable_text}}</p>
<p><a href="{{link}}" style="background-color:#1a4f8b;color:#fff;padding:12px">Open the forms</a></p>
<!--[if mso]><v:rect href="{{link}}" style="position:absolute"></v:rect><![endif]-->
</td></tr></table>
<p class="footer" style="font-size:14px">Acme Bank, 1 High Street, <a href="https://acme.example/imprint">Legal notice</a></p>
</body>
</html>
`

var options = Options{Text: "{{editable_text}}", Link: "{{link}}", HasPlain: true}

func says(findings []Finding) string {
	var b strings.Builder
	for _, f := range findings {
		kind := "advice"
		if f.Problem {
			kind = "problem"
		}
		fmt.Fprintf(&b, "%d %s: %s %s\n", f.Line, kind, f.What, f.Fix)
	}
	return b.String()
}

func TestAGoodTemplateIsLeftAlone(t *testing.T) {
	t.Parallel()
	if found := Check([]byte(good), options); len(found) > 0 {
		t.Error(says(found))
	}
}

// spoilt are ways to spoil a good template: a text, what stands in its place, and the line and the words of the finding.
var spoilt = map[string][3]string{
	"no doctype":            {"<!DOCTYPE html>\n", "", "1 problem: There is no doctype"},
	"no language":           {` lang="en"`, "", "2 problem: The language"},
	"no charset":            {`<meta charset="utf-8">`, "", "0 problem: The character set"},
	"no title":              {"Please complete your details</title>", "</title>", "0 problem: There is no title"},
	"no viewport":           {`name="viewport"`, `name="port"`, "0 problem: There is no viewport"},
	"no zoom":               {"initial-scale=1", "user-scalable=no", "0 problem: The viewport forbids"},
	"sent elsewhere":        {`<meta charset="utf-8">`, `<meta charset="utf-8"><meta http-equiv="refresh" content="0">`, "4 problem: A meta element sends"},
	"no colour scheme":      {`<meta name="color-scheme" content="light dark">`, "", "0 advice: The template does not say"},
	"no preview":            {`style="display:none;max-height:0;overflow:hidden"`, "", "12 advice: There is no preview"},
	"no editable text":      {"{{editable_text}}", "Hello", "0 problem: The editable text is missing"},
	"editable text twice":   {"Dear customer,", "{{editable_text}}", "15 problem: The editable text ({{editable_text}}) is there 2 times"},
	"in a headline":         {"<p>{{editable_text}}</p>", "<h1>{{editable_text}}</h1>", "16 problem: The editable text stands in <h1>"},
	"in a list":             {"<p>{{editable_text}}</p>", "<ul><li><span>{{editable_text}}</span></li></ul>", "16 problem: The editable text stands in <span>"},
	"in an attribute":       {"<p>{{editable_text}}</p>", `<p title="{{editable_text}}"></p>`, "16 problem: The editable text stands in an attribute"},
	"in a comment":          {"<p>{{editable_text}}</p>", `<!-- {{editable_text}} -->`, "16 problem: The editable text stands in an attribute or a comment"},
	"with a break":          {"<p>{{editable_text}}", "<p>{{editable_text}}<br>", "16 problem: The editable text shares"},
	"no button":             {`<a href="{{link}}"`, `<a href="https://acme.example"`, "18 problem: The button is missing"},
	"more than the link":    {`<a href="{{link}}"`, `<a href="{{link}}&utm=1"`, "17 problem: The button's address"},
	"a button of no words":  {"Open the forms</a>", "</a>", "17 problem: The button has no words"},
	"a button of no colour": {"background-color:#1a4f8b;color:#fff;", "", ""},
	"no logo":               {`alt="Acme"`, `alt=""`, "0 problem: The company's logo is missing"},
	"no footer":             {`<p class="footer" style="font-size:14px">Acme Bank, 1 High Street, <a href="https://acme.example/imprint">Legal notice</a></p>`, "", "0 problem: The footer is missing"},
	"a script":              {"Dear customer,", "<script>alert(1)</script>", "15 problem: <script> does not work"},
	"a form":                {"Dear customer,", "<form></form>", "15 problem: <form> does not work"},
	"an svg":                {"Dear customer,", "<svg></svg>", "15 problem: <svg> does not work"},
	"an event":              {"<p>Dear", `<p onclick="x()">Dear`, "15 problem: onclick runs a script"},
	"styles elsewhere":      {"<style>", `<link rel="stylesheet" href="https://acme.example/a.css"><style>`, "9 problem: The styles are in another file"},
	"an import":             {"<style>", `<style>@import url(a.css);`, "9 problem: Styles are loaded from another file"},
	"a font":                {"<style>", `<style>@font-face { font-family: x }`, "9 advice: Most mail programs load no fonts"},
	"flex":                  {`style="margin:0"`, `style="display: flex"`, "11 problem: Outlook and Gmail do not know flex"},
	"grid":                  {"<style>", `<style>.a{display:grid}`, "9 problem: Outlook and Gmail do not know flex and grid"},
	"position":              {`style="margin:0"`, `style="position:absolute"`, "11 problem: Mail programs take position out"},
	"float":                 {`style="margin:0"`, `style="margin:0;float:left"`, "11 problem: Outlook does not know float"},
	"a background":          {`style="margin:0"`, `style="background:#fff url(https://acme.example/a.png)"`, "11 advice: Outlook shows no background"},
	"variables":             {`style="margin:0"`, `style="margin:var(--gap)"`, "11 problem: Outlook and Gmail do not know CSS variables"},
	"rem":                   {`style="margin:0"`, `style="margin:1.5rem"`, "11 problem: Outlook does not know rem"},
	"reckoning":             {`style="margin:0"`, `style="margin:calc(1px + 2px)"`, "11 problem: Outlook does not reckon"},
	"shares of the window":  {`style="margin:0"`, `style="margin:0 5vw"`, "11 problem: Outlook and Gmail do not know vw"},
	"no words for an image": {` alt="Acme"`, "", "14 problem: The image has no words"},
	"no size of an image":   {` width="120"`, "", "14 problem: The image has no size"},
	"an image in itself":    {"https://acme.example/logo.png", "data:image/png;base64,AAAA", "14 problem: The image is part"},
	"an image in the clear": {"https://acme.example/logo.png", "http://acme.example/logo.png", "14 problem: The image has no address"},
	"an image of nowhere":   {"https://acme.example/logo.png", "logo.png", "14 problem: The image has no address"},
	"a drawing":             {"logo.png", "logo.svg", "14 problem: Gmail and Outlook show no .svg"},
	"a table":               {` role="presentation"`, "", "13 problem: Screen readers read this table"},
	"a wide table":          {`width="100%"`, `width="800"`, "13 problem: <table> is 800 px wide"},
	"a wide cell":           {"font:16px/1.5", "min-width:900px;font:16px/1.5", "13 problem: <td> is 900 px wide"},
	"small text":            {"font-size:14px", "font-size:13px", "20 advice: Text of 13 px"},
	"tiny text":             {"font:16px/1.5", "font:bold 8pt/1.5", "15 problem: Text of 10.7 px"},
	"pale text":             {"color:#222", "color:#999", "15 problem: Text in #999999 on #ffffff has a contrast of 2.8"},
	"pale text of a font":   {"<p>Dear customer,", `<p><font color="#999">Dear customer,</font>`, "15 problem: Text in #999999 on #ffffff"},
	"pale text, with alpha": {"color:#222", "color:rgba(153, 153, 153, 1)", "15 problem: Text in #999999 on #ffffff"},
	"a ground among others": {"background-color:#fff;", "background:no-repeat #334455 url(https://acme.example/a.png);", "15 problem: Text in #222222 on #334455"},
	"a stray mark":          {`class="footer"`, `class="footer {{link}}"`, "17 problem: The link's mark ({{link}}) also stands"},
	"a pale button":         {"#1a4f8b;color:#fff", "rgb(255, 153, 0);color:white", "17 problem: Text in #ffffff on #ff9900"},
	"a link in the clear":   {"https://acme.example/imprint", "http://acme.example/imprint", "20 problem: The link \"Legal notice\" leads"},
	"a script as a link":    {"https://acme.example/imprint", "javascript:x()", "20 problem: The link \"Legal notice\" leads"},
	"a link to nothing":     {"https://acme.example/imprint", "#", "20 problem: The link \"Legal notice\" leads"},
	"click here":            {">Legal notice<", ">Click here!<", "20 advice: The link \"Click here!\" does not say"},
	"a link of no words":    {">Legal notice<", "><", "20 problem: The link has no words"},
	"too long":              {"Dear customer,", strings.Repeat("Dear customer, ", 8000), "0 problem: The template has 118 KB"},
	"too many styles":       {"<style>", "<style>" + strings.Repeat(".a { color: #000; } ", 1000), "0 problem: The style elements have 19 KB"},
}

func TestEverythingThatSpoilsATemplateIsFoundAtItsLine(t *testing.T) {
	t.Parallel()
	for name, c := range spoilt {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.Count(good, c[0]) == 0 {
				t.Fatalf("%q is not in the template", c[0])
			}
			found := says(Check([]byte(strings.Replace(good, c[0], c[1], 1)), options))
			if !strings.Contains("\n"+found, "\n"+c[2]) || c[2] == "" && found != "" {
				t.Errorf("found\n%swant %q", found, c[2])
			}
		})
	}
}

func TestAButtonOfNoColourIsNoButton(t *testing.T) {
	t.Parallel()
	plain := strings.NewReplacer("background-color:#1a4f8b;color:#fff;", "", "background-color:#fff;", "").Replace(good)
	if found := says(Check([]byte(plain), options)); !strings.Contains(found, "17 advice: The button does not look like one") {
		t.Error(found)
	}
}

// TestAGroundThatIsNotKnownIsNotJudged: the text on it is pale on the white around it.
func TestAGroundThatIsNotKnownIsNotJudged(t *testing.T) {
	t.Parallel()
	for _, ground := range []string{"linear-gradient(rgba(0,0,0,.9), #fff 50%)", "url(a.png)", "rgba(0, 0, 0, 0.5)", "rebeccapurple", "color-mix(in srgb, #fff, #000)"} {
		page := strings.Replace(good, "<p>Dear", `<p style="color:#fff;background:`+ground+`">Dear`, 1)
		if found := says(Check([]byte(page), options)); strings.Contains(found, "contrast") {
			t.Errorf("%s: %s", ground, found)
		}
	}
	for _, through := range []string{"none", "transparent", "rgba(0,0,0,0)", "inherit"} {
		page := strings.Replace(good, "<p>Dear", `<p style="color:#eee;background:`+through+`">Dear`, 1)
		if found := says(Check([]byte(page), options)); !strings.Contains(found, "Text in #eeeeee on #ffffff") {
			t.Errorf("%s: %s", through, found)
		}
	}
	page := strings.Replace(good, "<p>Dear", `<p style="background:#fff;color:#fff"><span style="color:rebeccapurple">Dear</span></p><p>`, 1)
	if found := says(Check([]byte(page), options)); strings.Contains(found, "contrast") {
		t.Errorf("a colour that is not known: %s", found)
	}
}

func TestAByteOrderMarkIsNoFinding(t *testing.T) {
	t.Parallel()
	if found := Check([]byte("\ufeff"+good), options); len(found) > 0 {
		t.Error(says(found))
	}
}

func TestPlainTextWantsBothMarksOnce(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{{editable_text}}\n{{link}}":               "",
		"\ufeff{{editable_text}}\n{{link}}":         "",
		"Hello\n{{link}}":                           "0 problem: The editable text ({{editable_text}}) is there 0 times",
		"{{editable_text}}\n{{link}} or\n {{link}}": "2 problem: The link ({{link}}) is there 2 times",
	} {
		if found := says(CheckPlain([]byte(text), options)); !strings.HasPrefix(found, want) || strings.Count(found, "\n") > 1 || want == "" && found != "" {
			t.Errorf("%q: %s", text, found)
		}
	}
}

// TestWhatIsNeverClosedIsNotRepeatedWithoutEnd has a page in which every paragraph would begin 250 elements anew.
func TestWhatIsNeverClosedIsNotRepeatedWithoutEnd(t *testing.T) {
	t.Parallel()
	var fonts strings.Builder
	for i := range 250 {
		fmt.Fprintf(&fonts, `<font color="%d">`, i)
	}
	found := says(Check([]byte("<p>"+fonts.String()+"</p>"+strings.Repeat("<p>x</p>", 11_000)), options))
	if strings.Count(found, "\n") != 1 || !strings.HasPrefix(found, "0 problem: Elements such as <font>") {
		t.Error(found)
	}
	if found := says(Check([]byte(strings.Replace(good, "Dear", strings.Repeat("<p><b>Dear</b></p>", 2000), 1)), options)); found != "" {
		t.Errorf("elements that are closed: %s", found)
	}
}

// TestTheWorkDoesNotGrowWithTheDepth counts what is allocated, which nothing else may do at the same time.
func TestTheWorkDoesNotGrowWithTheDepth(t *testing.T) {
	nested := func(depth int) float64 {
		page := []byte(strings.Repeat(`<div style="margin:0;color:#222;background:#fff">`, depth) + strings.Repeat("a <br>", 2000))
		return testing.AllocsPerRun(1, func() { Check(page, options) })
	}
	if shallow, deep := nested(10), nested(200); deep > 2*shallow {
		t.Errorf("%.0f allocations among 10 elements, %.0f among 200", shallow, deep)
	}
}

func TestPlainTextIsMissed(t *testing.T) {
	t.Parallel()
	o := options
	o.HasPlain = false
	if found := says(Check([]byte(good), o)); !strings.HasPrefix(found, "0 advice: There is no plain text") || strings.Count(found, "\n") != 1 {
		t.Error(found)
	}
}

func TestMarksMayBeOfAnyForm(t *testing.T) {
	t.Parallel()
	for _, marks := range [][2]string{{"{% text %}", "{% link %}"}, {"%%text%%", "%%link%%"}, {"<%= text %>", "<%= link %>"}, {"*|TEXT|*", "*|LINK|*"}, {"[[text]]", "[[link]]"}} {
		other := strings.NewReplacer("{{editable_text}}", marks[0], "{{link}}", marks[1]).Replace(good)
		if found := Check([]byte(other), Options{Text: marks[0], Link: marks[1], HasPlain: true}); len(found) > 0 {
			t.Errorf("%v: %s", marks, says(found))
		}
	}
}

func TestEveryFindingSaysHowToMendIt(t *testing.T) {
	t.Parallel()
	for name, c := range spoilt {
		for _, f := range Check([]byte(strings.Replace(good, c[0], c[1], 1)), options) {
			if !strings.HasSuffix(f.What, ".") || f.Fix == "" {
				t.Errorf("%s: %q, %q", name, f.What, f.Fix)
			}
		}
	}
}

// FuzzCheck makes sure that no template, however broken, stops the check, and that lines are those of the file.
func FuzzCheck(f *testing.F) {
	f.Add([]byte(good))
	for _, c := range spoilt {
		f.Add([]byte(strings.Replace(good, c[0], c[1], 1)))
	}
	f.Add([]byte("<a\n<b <!--[if mso]><p style=':;;font:/px 00px'>{{link}}\x00</table><td bgcolor=#></a"))
	f.Fuzz(func(t *testing.T, source []byte) {
		for _, found := range Check(source, options) {
			if found.What == "" || found.Line < 0 || found.Line > 1+strings.Count(string(source), "\n") {
				t.Errorf("%+v of %d bytes", found, len(source))
			}
		}
	})
}
