import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import classes from "./table.module.css";

type RowLinkProps = {
  href: Route;
  /** `name` for what the row is called, `code` for identifiers, `over` for what has failed. */
  look?: "name" | "code" | "over";
  children: ReactNode;
};

/** A link in a list. It loads nothing beforehand: a page of rows would ask for fifty pages. */
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
