import Link from "next/link";
import classes from "./failed-page.module.css";

export function NotFoundNotice() {
  return (
    <main className={classes.missing}>
      <h1>Not found</h1>
      <p>It does not exist, or it was deleted.</p>
      <Link href="/">Back to Postkey</Link>
    </main>
  );
}
