"use client";

import { Button } from "@mantine/core";
import { IconBan, IconLink, IconSend } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { Can } from "@/components/can";
import { RowSelection, type Selected, totalText } from "@/components/row-selection";
import type { Page } from "@/lib/kernel/paging/schema";
import type { LinkFilters, LinkSelection as Selection } from "@/lib/sign-ins/links/schema";
import type { LinkWish } from "./bulk-links-dialog";
import { SELECTED } from "./selected";

const BulkLinksDialog = dynamic(() =>
  import("./bulk-links-dialog").then((module) => module.BulkLinksDialog),
);

type LinkSelectionProps = {
  search: string;
  filters: LinkFilters;
  total: Page<unknown>["total"];
  canMail: boolean;
  children: ReactNode;
};

export function LinkSelection(props: LinkSelectionProps) {
  const { search, filters, total, canMail, children } = props;
  const [asked, setAsked] = useState<{ wish: LinkWish; selected: Selected }>();
  const selectionOf = ({ isAll, values }: Selected): Selection =>
    isAll ? { links: "all", search, ...filters } : { links: "selected", signInLinkIds: values() };
  return (
    <Can permission="authorizations:write" otherwise={children}>
      <RowSelection
        name={SELECTED}
        total={total}
        toolbar={(selected) =>
          selected.count > 0 && (
            <SelectionButtons
              count={selected.isAll ? totalText(total) : selected.count.toLocaleString("en")}
              canMail={canMail}
              onWish={(wish) => setAsked({ wish, selected })}
              onClear={() => selected.keep([])}
            />
          )
        }
      >
        {children}
      </RowSelection>
      {asked && (
        <BulkLinksDialog
          wish={asked.wish}
          selection={selectionOf(asked.selected)}
          onKeep={(left) => asked.selected.keep(left)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </Can>
  );
}

const LOOK = { size: "compact-sm", variant: "default" } as const;

type SelectionButtonsProps = {
  count: string;
  canMail: boolean;
  onWish: (wish: LinkWish) => void;
  onClear: () => void;
};

function SelectionButtons({ count, canMail, onWish, onClear }: SelectionButtonsProps) {
  return (
    <>
      <Button {...LOOK} leftSection={<IconLink size={16} />} onClick={() => onWish("replace")}>
        New links ({count})
      </Button>
      {canMail && (
        <Button {...LOOK} leftSection={<IconSend size={16} />} onClick={() => onWish("send")}>
          Send new links ({count})
        </Button>
      )}
      <Button {...LOOK} leftSection={<IconBan size={16} />} onClick={() => onWish("revoke")}>
        Revoke ({count})
      </Button>
      <Button {...LOOK} onClick={onClear}>
        Clear
      </Button>
    </>
  );
}
