import { Button, ButtonGroup } from "@mantine/core";
import { IconDownload, IconUpload } from "@tabler/icons-react";
import { LinkButton } from "@/components/links";
import { routes } from "@/components/routes";
import type { ContactFilters } from "@/lib/contacts/queries";

type FileLinksProps = { filter: { search: string } & ContactFilters };

export function FileLinks({ filter }: FileLinksProps) {
  const { contactListId, ...found } = filter;
  const given = Object.entries(filter).flatMap(([name, value]) => (value ? [[name, value]] : []));
  const href = (format: string) =>
    `/api/contacts/export?${new URLSearchParams([...given, ["format", format]])}`;
  const look = { size: "compact-sm", variant: "default" } as const;
  return (
    <>
      <LinkButton
        {...look}
        href={routes.importContacts(contactListId)}
        leftSection={<IconUpload size={16} />}
      >
        Import
      </LinkButton>
      <ButtonGroup>
        <Button
          {...look}
          component="a"
          href={href("csv")}
          download
          leftSection={<IconDownload size={16} />}
        >
          {Object.values(found).some(Boolean) ? "Export found: CSV" : "Export CSV"}
        </Button>
        <Button {...look} component="a" href={href("vcf")} download>
          vCard
        </Button>
      </ButtonGroup>
    </>
  );
}
