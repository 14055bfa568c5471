import { Button, ButtonGroup } from "@mantine/core";
import { IconDownload, IconUpload } from "@tabler/icons-react";
import { LinkButton } from "@/components/links";
import { routes } from "@/components/routes";

type FileLinksProps = { search: string; contactListId?: string };

/** A file in, and what the list shows on all of its pages as a file. */
export function FileLinks({ search, contactListId }: FileLinksProps) {
  const filter = { ...(search && { search }), ...(contactListId && { contactListId }) };
  const href = (format: string) =>
    `/api/contacts/export?${new URLSearchParams({ ...filter, format })}`;
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
          {search ? "Export found: CSV" : "Export CSV"}
        </Button>
        <Button {...look} component="a" href={href("vcf")} download>
          vCard
        </Button>
      </ButtonGroup>
    </>
  );
}
