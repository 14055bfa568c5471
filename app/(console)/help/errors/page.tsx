import { SearchField } from "@/components/filters";
import { NothingFound } from "@/components/list-page";
import { Page } from "@/components/page";
import { routes } from "@/components/routes";
import { RowLink, Table } from "@/components/table";
import { MAX_SEARCH, searchRemedies } from "@/lib/checks/search-remedies";
import { requireUser } from "@/lib/http/auth/session";

export default async function ErrorsPage({ searchParams }: PageProps<"/help/errors">) {
  await requireUser();
  const { search } = await searchParams;
  const text = typeof search === "string" ? search.slice(0, MAX_SEARCH) : "";
  const remedies = searchRemedies(text);
  return (
    <Page
      title="Errors"
      description={`${remedies.length} ${remedies.length === 1 ? "error" : "errors"}. Search by code, keyword or server response.`}
      actions={<SearchField label="Search errors" maxLength={MAX_SEARCH} />}
    >
      {remedies.length === 0 ? (
        <NothingFound href="/help/errors" all="Show all errors">
          No error matches “{text}” by code, keyword or server response.
        </NothingFound>
      ) : (
        <Table isShort columns={["Error", "What happened"]}>
          {remedies.map(({ id, title }) => (
            <tr key={id}>
              <td>
                <RowLink href={routes.remedy(id)} look="code">
                  {id}
                </RowLink>
              </td>
              <td>{title}</td>
            </tr>
          ))}
        </Table>
      )}
    </Page>
  );
}
