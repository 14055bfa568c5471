import Link from "next/link";
import { pageAt } from "@/components/routes";
import {
  ACCOUNT_VIEW_LABELS,
  type AccountView,
  type StateCount,
  VIEW_STATES,
} from "@/lib/email-accounts/filters/schema";
import { ACCOUNT_STATES, type AccountState } from "@/lib/email-accounts/schema";
import classes from "./totals.module.css";

type Tile = {
  label: string;
  states: readonly AccountState[];
  view?: AccountView;
  tone?: "bad" | "warning";
};

const TILES: readonly Tile[] = [
  { label: "Email accounts", states: ACCOUNT_STATES },
  { label: "Needs attention", states: VIEW_STATES.attention, view: "attention", tone: "bad" },
  {
    label: ACCOUNT_VIEW_LABELS.not_signed_in,
    states: VIEW_STATES.not_signed_in,
    view: "not_signed_in",
    tone: "warning",
  },
  { label: "Test failed", states: VIEW_STATES.test_failed, view: "test_failed", tone: "bad" },
  { label: "Inactive", states: VIEW_STATES.inactive, view: "inactive" },
];

export function Totals({ counts }: { counts: StateCount[] }) {
  return (
    <nav aria-label="Email accounts by state">
      <ul className={classes.tiles}>
        {TILES.map((tile) => (
          <li key={tile.label}>
            <TileLink
              tile={tile}
              counts={counts.filter(({ state }) => tile.states.includes(state))}
            />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function TileLink({ tile, counts }: { tile: Tile; counts: StateCount[] }) {
  const { label, view, tone } = tile;
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const isCapped = counts.some((each) => each.isCapped);
  return (
    <Link
      href={pageAt(`/email/accounts${view ? `?view=${view}` : ""}`)}
      prefetch={false}
      className={classes.tile}
      data-tone={total > 0 ? tone : undefined}
    >
      <strong>
        {total.toLocaleString("en")}
        {isCapped && "+"}
      </strong>
      <span>{label}</span>
    </Link>
  );
}
