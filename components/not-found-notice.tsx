import Link from "next/link";
import classes from "./failed-page.module.css";
import { TabTitle } from "./tab-title";

export function NotFoundNotice() {
  return (
    <main className={classes.missing}>
      <TabTitle>Not found</TabTitle>
      <h1>Not found</h1>
      <p>It does not exist, or it was deleted.</p>
      <Link href="/">Back to Postkey</Link>
    </main>
  );
}
