import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import classes from "./table.module.css";

type RowLinkProps = {
  href: Route;
  /** `code` for identifiers, `over` for failed ones. */
  look?: "name" | "code" | "over";
  children: ReactNode;
};

/** No prefetch: a page of rows would load fifty pages. */
export function RowLink({ href, look, children }: RowLinkProps) {
  return (
    <Link
      href={href}
      prefetch={false}
      className={look ? `${classes.link} ${classes[look]}` : classes.link}
    >
      {children}
    </Link>
  );
}
