/** The style of all pages. It is part of each page, so that a page is one answer and loads nothing else. */
export const STYLESHEET = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f8; --paper: #ffffff; --ink: #1b2033; --quiet: #565e73; --line: #dadee7; --field: #8a92a6;
  --accent: #3f4fd8; --accent-over: #3341b8; --on-accent: #ffffff;
  --alert: #a3161f; --alert-ground: #fdf0f0; --notice: #6b4300; --notice-ground: #fff1d0;
  --good: #14652f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12141b; --paper: #1b1e28; --ink: #e9ebf2; --quiet: #a6adbf; --line: #343a4a; --field: #737b90;
    --accent: #a3aeff; --accent-over: #bcc4ff; --on-accent: #12141b;
    --alert: #ffb3b3; --alert-ground: #3a1d22; --notice: #ffd98a; --notice-ground: #33280f;
    --good: #86dba0;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
main { width: 100%; margin: 0 auto; padding: 2rem 1rem; flex: 1; }
h1, h2, h3, p, ul, ol, dl { margin: 0 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.15rem; line-height: 1.35; margin-top: 2.25rem; }
h3 { font-size: .875rem; margin-bottom: .25rem; }
a { color: var(--accent); text-underline-offset: .15em; }
a:hover { color: var(--accent-over); }
code { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
small, .quiet { color: var(--quiet); font-size: .875rem; font-weight: 400; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }

.notice { margin: 0; padding: .5rem 1rem; text-align: center; font-size: .875rem; color: var(--notice); background: var(--notice-ground); }
footer { padding: 1rem; text-align: center; font-size: .875rem; }
footer a { color: var(--quiet); }

.primary, .secondary {
  display: block; width: 100%; padding: .75rem 1rem; border: 1px solid var(--accent); border-radius: .5rem;
  font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer;
  color: var(--on-accent); background: var(--accent);
}
.primary:hover { color: var(--on-accent); background: var(--accent-over); }
.primary:disabled { opacity: .6; cursor: progress; }
.secondary { color: var(--ink); background: transparent; border-color: var(--field); }
.secondary:hover { border-color: var(--ink); }
.cancel { margin: 1rem 0 0; text-align: center; font-size: .9375rem; }

.card main { max-width: 30rem; }
.card main > div, .payment {
  padding: 1.5rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--paper);
}
.card h2 { margin: 1.5rem 0 .25rem; font-size: 1rem; }
.card .sum + .quiet { margin: .25rem 0 0; }
.card details { margin-top: 1.25rem; font-size: .9375rem; }
.card summary { cursor: pointer; color: var(--quiet); }
.card details p { margin: .5rem 0; }
.card form { margin-top: 1rem; }
.buttons + .quiet { margin: 1rem 0 0; }
p.buttons { margin: 1.25rem 0 0; }
.card form + form, .buttons > * + * { margin-top: .75rem; }

dl { display: grid; grid-template-columns: max-content 1fr; gap: .5rem 1.25rem; padding: 1rem 0; border: solid var(--line); border-width: 1px 0; }
dt { color: var(--quiet); }
dd { margin: 0; min-width: 0; }
dd span { display: block; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dt { font-size: .875rem; } dd + dt { margin-top: .5rem; } }

.checkout main { max-width: 62rem; display: grid; gap: 2rem; align-content: start; }
@media (min-width: 52rem) {
  .checkout main { padding: 3.5rem 2rem; gap: 2.5rem 4rem; grid-template: "summary payment" auto "tests payment" 1fr / 1fr 26rem; }
  .checkout .summary { grid-area: summary; }
  .checkout .payment { grid-area: payment; align-self: start; padding: 2rem; }
  .checkout .test-cards { grid-area: tests; align-self: start; }
}
.merchant { display: flex; align-items: center; gap: .625rem; font-weight: 600; margin-bottom: 1.5rem; }
.mark {
  flex: none; width: 2rem; height: 2rem; border-radius: .5rem; display: grid; place-items: center;
  color: var(--on-accent); background: var(--accent); font-size: .9375rem;
}
.checkout h1 { font-size: 1rem; margin-bottom: 1.5rem; }
.checkout h1 span { display: block; font-size: 1rem; }
.checkout h1 .total { font-size: 2.5rem; line-height: 1.2; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.items { list-style: none; padding: 0; margin: 0; }
.line { display: flex; justify-content: space-between; gap: 1.5rem; padding: .625rem 0; margin: 0; }
.line small { display: block; }
.line .amount { white-space: nowrap; font-variant-numeric: tabular-nums; }
.sum { border-top: 1px solid var(--line); margin-top: .625rem; padding-top: 1rem; font-weight: 600; }

.payment h2 { margin: 0 0 1rem; }
label { display: block; margin: 0 0 .25rem; font-size: .875rem; font-weight: 500; }
input {
  width: 100%; margin: 0 0 1rem; padding: .625rem .75rem; border: 1px solid var(--field); border-radius: .5rem;
  font: inherit; font-variant-numeric: tabular-nums; color: inherit; background: var(--paper);
}
textarea {
  display: block; width: 100%; margin: 0 0 .75rem; padding: .625rem .75rem; border: 1px solid var(--field); border-radius: .5rem;
  font: .875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; color: inherit; background: var(--paper); resize: vertical;
}
input[readonly] { color: var(--quiet); background: var(--ground); }
.methods { display: grid; gap: .5rem; margin: 0 0 1rem; padding: 0; border: 0; }
.methods legend { margin: 0 0 .25rem; padding: 0; font-size: .875rem; font-weight: 500; }
.methods label { display: flex; align-items: baseline; gap: .625rem; margin: 0; padding: .5rem .75rem; border: 1px solid var(--field); border-radius: .5rem; font-size: 1rem; cursor: pointer; }
.methods label:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.methods small { display: block; }
.methods input { width: auto; margin: 0; accent-color: var(--accent); }
.with-debit, form:has([value="sepa_debit"]:checked) .with-card { display: none; }
form:has([value="sepa_debit"]:checked) .with-debit { display: block; }
input::placeholder { color: var(--quiet); opacity: .9; }
input:focus-visible { outline-offset: -1px; border-color: transparent; }
[aria-invalid] { border: 2px solid var(--alert); padding: calc(.625rem - 1px) calc(.75rem - 1px); }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.payment .primary { margin-top: .5rem; }
.alert {
  margin: 0 0 1.25rem; padding: .75rem 1rem; border-radius: .5rem; border-left: 4px solid var(--alert);
  color: var(--alert); background: var(--alert-ground); font-size: .9375rem;
}
.alert strong { display: block; }
.alert:focus { outline: none; }

.test-cards { padding: 1rem 1.25rem; border: 1px dashed var(--field); border-radius: .75rem; font-size: .875rem; }
.test-cards h2 { margin: 0 0 .25rem; font-size: 1rem; }
.test-cards p { margin-bottom: .75rem; }
.test-cards ul { list-style: none; padding: 0; margin: 0 0 .75rem; }
.test-cards ul:last-child { margin: 0; }
.test-cards li, .test-cards li button { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .75rem; }
.test-cards li { padding: .1875rem 0; }
.test-cards li:has(button) { padding: 0; }
.test-cards li button {
  width: calc(100% + 1rem); margin: 0 -.5rem; padding: .1875rem .5rem; border: 0; border-radius: .375rem;
  font: inherit; text-align: left; color: inherit; background: none; cursor: pointer;
}
.test-cards li button:hover { background: var(--notice-ground); }
.test-cards code { min-width: 14.5em; color: var(--accent); }
@media (max-width: 30rem) {
  .test-cards { font-size: .8125rem; }
  .test-cards code { min-width: 0; font-size: .75rem; }
  .test-cards li, .test-cards li button { justify-content: space-between; }
}

.text main { max-width: 58rem; }
.text main p { max-width: 44rem; }
.text table { width: 100%; margin: 0 0 1rem; border-collapse: collapse; font-size: .9375rem; }
.text :is(td, th) { padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.text th { color: var(--quiet); font-size: .8125rem; font-weight: 500; }
.text td:not(:first-child) { white-space: nowrap; font-variant-numeric: tabular-nums; }
.text h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
.text .links { padding: 0; list-style: none; }
.text .links li { padding: .375rem 0; }
.text .links small { display: block; }
.lead { font-size: 1.0625rem; }
.modes { display: grid; grid-template-columns: repeat(auto-fill, minmax(12.5rem, 1fr)); gap: .5rem; }
.modes button { padding: .5rem .75rem; text-align: left; }
.modes small { display: block; color: inherit; opacity: .85; }
.secrets { max-width: 44rem; }
.secrets button { width: auto; padding: .5rem 1rem; }
.arrival { margin: 0 0 1.5rem; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--paper); }
.arrival h3 { margin: 0 0 .25rem; }
.arrival p { margin-bottom: .75rem; font-size: .9375rem; }
.arrival pre { padding-right: 1rem; background: var(--ground); }
.arrival details { margin-top: .75rem; }
.arrival summary { cursor: pointer; color: var(--quiet); font-size: .875rem; }
.arrival dl { margin: .5rem 0 0; padding: 0; border: 0; gap: .125rem 1.25rem; font-size: .875rem; }
.good { color: var(--good); }
.bad { color: var(--alert); }
.code { position: relative; margin: 0 0 1rem; }
pre {
  margin: 0; padding: .875rem 5rem .875rem 1rem; border: 1px solid var(--line); border-radius: .5rem;
  background: var(--paper); white-space: pre-wrap;
}
pre code { font-size: .8125rem; }
@media (max-width: 40rem) { pre { padding: 2.75rem .75rem .75rem; } }
.copy {
  position: absolute; top: .5rem; right: .5rem; padding: .125rem .625rem; border: 1px solid var(--field); border-radius: .375rem;
  font: inherit; font-size: .8125rem; color: var(--ink); background: var(--ground); cursor: pointer;
}
`;
