import { useRouter } from "next/navigation";
import { useCanOpen } from "@/components/can";
import { ChoiceInput } from "@/components/choice-input";
import { Dialog } from "@/components/dialog";
import { endWayBack } from "@/components/links";
import { pageAt } from "@/components/routes";
import { SECTIONS } from "@/components/sections";
import { type Choice, exactFirst } from "@/lib/kernel/choices/schema";
import { searchEverythingAction } from "./actions";

const COMMANDS: Choice[] = [
  { id: "/email/accounts/new", name: "New Email Account" },
  { id: "/email/accounts/import", name: "Import email accounts" },
  { id: "/settings/cloud-providers/new", name: "New Cloud Provider" },
  { id: "/email/devices/new", name: "New Device" },
  { id: "/email/accounts?view=attention&sort=state", name: "Accounts that need attention" },
  { id: "/profile", name: "Your profile" },
];
const PAGES: Choice[] = SECTIONS.flatMap(({ label: detail, items }) =>
  items.map(({ href, label }) => ({ id: href, name: label, detail })),
);

export function SearchDialog({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const canOpen = useCanOpen();
  const known = [...COMMANDS, ...PAGES].filter(({ id }) => canOpen(id));
  return (
    <Dialog title="Search" onClose={onClose}>
      <ChoiceInput
        label="Accounts, providers, devices, people, lists, errors and pages"
        isBare
        value={null}
        first={{ found: known, hasMore: false }}
        find={async (search) => {
          const answer = await searchEverythingAction({ search });
          if (!answer.ok) return answer;
          const words = search.toLowerCase().split(/\s+/);
          const pages = known.filter(({ name, detail = "" }) =>
            words.every((word) => `${detail} ${name}`.toLowerCase().includes(word)),
          );
          const found = exactFirst([...pages, ...answer.data.found], search);
          return { ...answer, data: { ...answer.data, found } };
        }}
        onChange={(choice) => {
          if (!choice) return;
          onClose();
          endWayBack();
          router.push(pageAt(choice.id));
        }}
      />
    </Dialog>
  );
}
