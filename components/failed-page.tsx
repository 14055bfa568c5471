import classes from "./failed-page.module.css";
import { TabTitle } from "./tab-title";

type FailedProps = { retry: () => void };

/**
 * Every page brings it along, and it also stands where the layout failed: so it is made of nothing
 * but HTML, without components that need a provider.
 */
export function FailedPage({ retry }: FailedProps) {
  return (
    <main className={classes.whole}>
      <strong>Postkey</strong>
      <FailedInConsole retry={retry} />
    </main>
  );
}

export function FailedInConsole({ retry }: FailedProps) {
  return (
    <div className={classes.notice}>
      <TabTitle>Not loaded</TabTitle>
      <h1>This page could not be loaded</h1>
      <p role="alert" className={classes.cause}>
        Postkey or its database is busy or not responding. Nothing was lost. Another process keeps
        tokens alive in the meantime.
      </p>
      <button type="button" className={classes.retry} onClick={retry}>
        Try again
      </button>
    </div>
  );
}
