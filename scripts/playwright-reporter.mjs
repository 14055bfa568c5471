import { relative } from "node:path";
import { createProgress } from "./test-progress.mjs";

/** Says how far a run is, and at once what failed and why. */
export default class ProgressReporter {
  progress = createProgress({ unit: "tests" });

  onBegin(_config, suite) {
    this.progress.start(suite.allTests().length);
  }

  onTestEnd(test, { status, duration, errors }) {
    const outcome = status === "passed" || status === "skipped" ? status : "failed";
    const file = relative(process.cwd(), test.location.file);
    const name = test.titlePath().slice(3).join(" > ");
    this.progress.test({ file, name, outcome, ms: duration });
    if (outcome === "failed") for (const error of errors) console.log(textOf(error));
    this.progress.done();
  }

  onError(error) {
    console.log(textOf(error));
  }

  onEnd() {
    this.progress.write();
  }

  printsToStdio() {
    return true;
  }
}

function textOf({ message, stack, value, snippet }) {
  const text = [stack ?? message ?? value, snippet].filter(Boolean).join("\n");
  return text.replaceAll(/^/gm, "    ");
}
