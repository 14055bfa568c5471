import { Table, TableTbody, TableTd, TableTh, TableThead, TableTr, Text } from "@mantine/core";
import type { Metadata } from "next";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { SearchField } from "@/components/search-field";
import classes from "@/components/table.module.css";
import { requireUser } from "@/lib/auth/session";
import { searchRemedies } from "@/lib/remedies/search";

export const metadata: Metadata = { title: "Errors" };

export default async function ErrorsPage({ searchParams }: PageProps<"/help/errors">) {
  await requireUser();
  const { search } = await searchParams;
  const text = typeof search === "string" ? search.slice(0, 200) : "";
  const remedies = searchRemedies(text);
  return (
    <Page
      title="Errors"
      description={`${remedies.length} errors with their cause and what to do.`}
      actions={<SearchField label="Search errors" />}
    >
      {remedies.length === 0 ? (
        <EmptyState icon={null} title="Nothing found">
          No error has “{text}” in its code or its text.
        </EmptyState>
      ) : (
        <div className={classes.frame}>
          <Table verticalSpacing="xs" horizontalSpacing="md">
            <TableThead>
              <TableTr>
                <TableTh>Error</TableTh>
                <TableTh>What happened</TableTh>
              </TableTr>
            </TableThead>
            <TableTbody>
              {remedies.map(({ id, title }) => (
                <TableTr key={id}>
                  <TableTd>
                    <TextLink href={routes.remedy(id)} size="sm" ff="monospace">
                      {id}
                    </TextLink>
                  </TableTd>
                  <TableTd>
                    <Text size="sm">{title}</Text>
                  </TableTd>
                </TableTr>
              ))}
            </TableTbody>
          </Table>
        </div>
      )}
    </Page>
  );
}
