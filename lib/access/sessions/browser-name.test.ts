import { expect, test } from "vitest";
import { browserName } from "./browser-name";

const KIT = "AppleWebKit/537.36 (KHTML, like Gecko)";

test.each([
  [`(Windows NT 10.0; Win64; x64) ${KIT} Chrome/142.0.0.0 Safari/537.36`, "Chrome on Windows"],
  [`(Windows NT 10.0; Win64; x64) ${KIT} Chrome/142.0 Safari/537.36 Edg/142.0`, "Edge on Windows"],
  ["(Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Windows"],
  [`(Macintosh; Intel Mac OS X 15_1) ${KIT} Version/26.1 Safari/605.1.15`, "Safari on macOS"],
  [`(iPhone; CPU iPhone OS 26_1 like Mac OS X) ${KIT} CriOS/142.0 Safari/604.1`, "Chrome on iOS"],
  [`(Linux; Android 16) ${KIT} Chrome/142.0 Mobile Safari/537.36`, "Chrome on Android"],
  [`(X11; Linux x86_64) ${KIT} HeadlessChrome/142.0 Safari/537.36`, "Chrome on Linux"],
  ["curl/8.14.1", ""],
  ["", ""],
])("%s is called %j", (userAgent, name) => {
  expect(browserName(`Mozilla/5.0 ${userAgent}`)).toBe(name);
});
