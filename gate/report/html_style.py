"""The looks of the HTML report: part of the file, since nothing may be fetched."""

STYLE = """
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --ink: #1c2430; --soft: #556070; --line: #dde2e9; --quote: #f1f3f6;
  --pass: #17693c; --pass-soft: #e4f4ea; --blocked: #a8201a; --blocked-soft: #fcebea;
  --unsure: #7d4e00; --unsure-soft: #fdf2dc; --allowed: #2a5494; --allowed-soft: #e8f0fb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1b212a; --ink: #e6eaf0; --soft: #a5b0bf; --line: #323b47; --quote: #141920;
    --pass: #7fd6a2; --pass-soft: #16301f; --blocked: #ff9d96; --blocked-soft: #3b1a19;
    --unsure: #f2c069; --unsure-soft: #362711; --allowed: #9cc2f7; --allowed-soft: #192a42;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans",
    "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
}
.page { max-width: 56rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1, h2, h3, h4, p, ul, ol, dl, pre { margin: 0; }
h1 { font-size: 1.5rem; line-height: 1.3; font-weight: 650; }
h2 { font-size: 1.2rem; line-height: 1.4; margin: 2.75rem 0 .9rem; font-weight: 650; }
h3 { font-size: 1.05rem; line-height: 1.45; font-weight: 650; }
h4 { font-size: 1rem; line-height: 1.5; font-weight: 600; }
code, pre { font: .875em/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
a { color: inherit; text-underline-offset: .2em; }
a:focus-visible, summary:focus-visible { outline: .15rem solid var(--allowed); outline-offset: .2rem; }
.banner {
  background: var(--tone-soft); border: 1px solid var(--tone); border-left-width: .5rem;
  border-radius: .6rem; padding: 1.4rem 1.5rem;
}
.banner .word {
  display: block; color: var(--tone); font-size: 2.1rem; letter-spacing: .02em; font-weight: 750;
}
.banner p { margin-top: .5rem; color: var(--ink); }
.pass { --tone: var(--pass); --tone-soft: var(--pass-soft); }
.blocked, .error { --tone: var(--blocked); --tone-soft: var(--blocked-soft); }
.undecided, .inconclusive { --tone: var(--unsure); --tone-soft: var(--unsure-soft); }
.allowed { --tone: var(--allowed); --tone-soft: var(--allowed-soft); }
.ok { --tone: var(--pass); --tone-soft: var(--pass-soft); }
.badge {
  display: inline-block; color: var(--tone); background: var(--tone-soft); border: 1px solid var(--tone);
  border-radius: 1rem; padding: 0 .6rem; font-size: .8rem; line-height: 1.5; font-weight: 650;
  white-space: nowrap; vertical-align: .1em;
}
.card {
  background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  padding: 1.15rem 1.25rem; margin-bottom: 1rem;
}
.card.toned { border-left: .3rem solid var(--tone); }
.title { display: flex; flex-wrap: wrap; gap: .3rem .7rem; align-items: baseline; }
.title > * { min-width: 0; }
.soft { color: var(--soft); font-size: .9rem; }
.card > p, .risk > p { margin-top: .4rem; }
.card > .soft { margin-top: .1rem; }
.card > .title + .soft { margin-top: .4rem; }
.risk { border-top: 1px solid var(--line); margin-top: 1.1rem; padding-top: 1.1rem; }
pre {
  background: var(--quote); border-left: .2rem solid var(--line); border-radius: .3rem;
  padding: .65rem .85rem; margin-top: .65rem; white-space: pre-wrap; overflow-wrap: anywhere;
}
dl > div { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: .1rem 1rem; padding: .15rem 0; }
dt { color: var(--soft); }
dd { margin: 0; }
dd .soft { display: block; }
.risk dl, .problem dl { margin-top: .65rem; }
details { border-top: 1px solid var(--line); margin-top: 1.1rem; padding-top: .8rem; }
summary { cursor: pointer; color: var(--soft); }
ul, ol { padding-left: 1.4rem; }
li { margin: .35rem 0; }
li::marker { color: var(--soft); }
.steps > li { padding-left: .3rem; margin-bottom: .9rem; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .9rem; }
th, td { padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
td:last-child { overflow-wrap: normal; }
footer { margin-top: 2.75rem; color: var(--soft); font-size: .875rem; }
@media (max-width: 34rem) {
  .page { padding: .75rem .75rem 2rem; }
  .banner { padding: 1.1rem 1.15rem; }
  .card { padding: 1rem; }
  h1 { font-size: 1.25rem; }
  .banner .word { font-size: 1.75rem; }
  dl > div { grid-template-columns: minmax(0, 1fr); padding: .3rem 0; }
  dt { font-size: .875rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--line); }
  tr:last-child { border-bottom: 0; }
  td { display: block; border: 0; padding: .1rem 0; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --quote: #fff;
    --pass: #17693c; --pass-soft: #fff; --blocked: #a8201a; --blocked-soft: #fff;
    --unsure: #7d4e00; --unsure-soft: #fff; --allowed: #2a5494; --allowed-soft: #fff;
  }
  body { font-size: 10pt; }
  .page { max-width: none; padding: 0; }
  h2, h3, h4, .title, dt { break-after: avoid; }
  .banner, .risk, .problem, li, tr { break-inside: avoid; }
  a { text-decoration: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
"""
"""Colours keep a contrast of at least 4.5 on each of their grounds; every meaning is also said in words."""
