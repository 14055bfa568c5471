import { MinimalReporter } from "vitest/node";
import { createProgress } from "./test-progress.mjs";

/** Says how far a run is; at its end, what failed and why. */
export default class ProgressReporter extends MinimalReporter {
  progress = createProgress({ unit: "files" });

  onTestRunStart(specifications) {
    super.onTestRunStart(specifications);
    this.progress.start(specifications.length);
  }

  onTestModuleEnd(testModule) {
    super.onTestModuleEnd(testModule);
    const file = testModule.relativeModuleId;
    for (const test of testModule.children.allTests()) {
      const outcome = test.result().state;
      const ms = test.diagnostic()?.duration ?? 0;
      this.progress.test({ file, name: test.fullName, outcome, ms });
    }
    // A file that cannot be read, or a hook that fails, fails no test.
    const [failed] = testModule.children.allTests("failed");
    if (testModule.state() === "failed" && !failed)
      this.progress.test({ file, name: "its set-up", outcome: "failed", ms: 0 });
    this.progress.done();
  }

  onTestRunEnd(...ended) {
    super.onTestRunEnd(...ended);
    this.progress.write();
  }
}
