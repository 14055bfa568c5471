import { Children, type ReactNode } from "react";
import classes from "./banner-area.module.css";

/** Above every page: the worst of what is wrong, and the rest behind their number. */
export function BannerArea({ children }: { children: ReactNode }) {
  // Children.toArray leaves out what is not there.
  const [worst, ...others] = Children.toArray(children);
  if (!worst) return null;
  return (
    <section aria-label="Warnings" className={classes.area}>
      {worst}
      {others.length > 0 && (
        <details className={classes.others}>
          <summary>
            {others.length === 1 ? "1 more warning" : `${others.length} more warnings`}
          </summary>
          {others}
        </details>
      )}
    </section>
  );
}
