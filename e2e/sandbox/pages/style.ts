/** The one style sheet; it contains no `</`, so it can stand in a <style> element as it is. */
export const STYLE = `
:root { color-scheme: light dark;
  --ground: #eef0f4; --card: #fff; --ink: #1b1f27; --muted: #55606f; --line: #d5dae2;
  --accent: #3b4ba8; --on-accent: #fff; --tint: #eceffb; --bad: #a3161f; --bad-tint: #fdecec;
  --good: #17633b; --good-tint: #e4f5ea; --band: #8a4b00; --on-band: #fff; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #12151b; --card: #1b2029; --ink: #e9ecf2; --muted: #a4afbe; --line: #363e4b;
  --accent: #a9b6ff; --on-accent: #10142b; --tint: #262d45; --bad: #ffb0b0; --bad-tint: #3d2023;
  --good: #8fe0b0; --good-tint: #16331f; --band: #ffc670; --on-band: #2b1900; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; overflow-wrap: anywhere; }
.band { background: var(--band); color: var(--on-band); padding: 6px 16px; text-align: center; font-size: 14px; }
.band strong { letter-spacing: .12em; margin-right: 8px; }
main { margin: 0 auto; }
.dialog main { max-width: 464px; margin: 6vh auto 32px; background: var(--card); padding: 36px 40px;
  border: 1px solid var(--line); border-radius: 12px; box-shadow: 0 8px 28px rgb(0 0 0 / .10); }
.wide main { max-width: 1120px; padding: 24px 20px 64px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 8px; } h2 { font-size: 19px; margin: 0 0 4px; }
h3 { font-size: 15px; margin: 20px 0 4px; } p { margin: 0 0 12px; } .muted { color: var(--muted); }
code { font: 13.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--muted);
  border-radius: 8px; padding: 8px 16px; min-height: 40px; cursor: pointer; }
button:hover { background: var(--tint); }
button.primary { background: var(--accent); color: var(--on-accent); border-color: var(--accent); font-weight: 600; }
button.primary:hover { filter: brightness(1.08); }
button.link { border: 0; background: none; color: var(--accent); padding: 8px 0; text-decoration: underline; }
input, select, textarea { font: inherit; color: var(--ink); background: var(--card); width: 100%;
  border: 1px solid var(--muted); border-radius: 8px; padding: 8px 12px; min-height: 40px; }
label { font-weight: 600; font-size: 14px; display: block; }
.stack { display: grid; gap: 8px; padding: 12px 0; } .stack button { justify-self: end; }
.accounts { list-style: none; margin: 16px 0; padding: 0; border-top: 1px solid var(--line); }
.accounts li { border-bottom: 1px solid var(--line); }
.accounts button { display: flex; align-items: center; gap: 12px; width: 100%; border: 0; border-radius: 0;
  text-align: left; padding: 10px 8px; min-height: 56px; }
.accounts .hinted { background: var(--tint); }
.avatar { flex: none; width: 36px; height: 36px; border-radius: 50%; display: grid; place-items: center;
  background: var(--tint); color: var(--accent); font-weight: 600; font-size: 14px; border: 1px solid var(--line); }
.who { display: grid; line-height: 1.3; flex: 1; min-width: 0; } .who span { color: var(--muted); font-size: 14px; }
.chip { flex: none; display: inline-block; white-space: nowrap; font-size: 12.5px; padding: 1px 10px; border-radius: 99px; background: var(--tint); color: var(--accent); border: 1px solid var(--line); }
.chip.on, .chip.off { background: var(--bad-tint); color: var(--bad); } .chip.ok { background: var(--good-tint); color: var(--good); }
summary { cursor: pointer; color: var(--accent); padding: 8px 0; }
summary h3 { display: inline; }
.refusal { background: var(--bad-tint); color: var(--bad); border-radius: 8px; padding: 12px 14px; font-size: 15px; }
.note { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; justify-content: space-between; }
.permissions { margin: 0 0 20px; padding: 0; list-style: none; border-top: 1px solid var(--line); }
.permissions li { padding: 8px 0; border-bottom: 1px solid var(--line); } .permissions code { display: block; color: var(--muted); }
.actions { display: flex; flex-wrap: wrap; gap: 12px; justify-content: end; margin-top: 20px; }
.actions > :not(button) { flex: 1 1 100%; } .check { display: flex; gap: 10px; align-items: center; font-weight: 400; }
.check input { width: 20px; min-height: 20px; } .divided { border-top: 1px solid var(--line); margin-top: 12px; padding-top: 4px; }
.signed-in { color: var(--muted); font-size: 14px; margin-bottom: 16px; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0 0 12px; font-size: 15px; }
.facts dt { color: var(--muted); } .facts dd { margin: 0; }
.facts dd code, .copy { user-select: all; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px 24px; margin-top: 20px; }
.columns { display: grid; gap: 20px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); align-items: start; }
.rows { list-style: none; margin: 12px 0 0; padding: 0; }
.row { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; border-top: 1px solid var(--line); padding: 12px 0; }
.row .what { flex: 1 1 320px; min-width: 0; } .row .what p { margin: 0; color: var(--muted); font-size: 14.5px; }
.row form { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.row select { width: 190px; } .row input[type=number] { width: 120px; } .row { scroll-margin-top: 40vh; } .row code { color: var(--muted); }
.grid-form { display: grid; gap: 12px; grid-template-columns: 1fr 1fr; margin-top: 12px; }
.grid-form .full { grid-column: 1 / -1; } .grid-form button { justify-self: start; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 14.5px; }
th, td { text-align: left; padding: 6px 16px 6px 0; border-top: 1px solid var(--line); vertical-align: top; } th { color: var(--muted); font-weight: 600; border-top: 0; }
td.time { white-space: nowrap; } .head { display: flex; flex-wrap: wrap; gap: 12px; align-items: start; justify-content: space-between; }
.toc { display: flex; flex-wrap: wrap; gap: 4px 20px; padding: 0; margin: 8px 0 0; list-style: none; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 560px) { .dialog main { margin: 0; max-width: none; border: 0; border-radius: 0; box-shadow: none; padding: 24px 20px; min-height: calc(100vh - 34px); }
  .facts { grid-template-columns: 1fr; gap: 0; } .facts dd { margin-bottom: 8px; } .grid-form { grid-template-columns: 1fr; }
  .card { padding: 16px; } .row select { flex: 1; width: auto; } .wide main { padding: 16px 12px 48px; } }
`;
