import { ExpiryText } from "@/components/expiry-text";
import { RelativeTime } from "@/components/relative-time";
import { SortHeader } from "@/components/sort-header";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import type { ApiKeyRow, ApiKeySort } from "@/lib/access/api-keys/schema";
import { type ListParams, sortLink } from "@/lib/kernel/paging/schema";
import { RevokeApiKeyButton } from "./revoke-api-key-button";

type ApiKeyTableProps = { keys: ApiKeyRow[]; params: ListParams<ApiKeySort>; path: string };

export function ApiKeyTable({ keys, params, path }: ApiKeyTableProps) {
  return (
    <Table
      head={
        <>
          <SortHeader label="Name" {...sortLink(path, params, "name")} />
          <SortHeader label="Key" {...sortLink(path, params, "key")} />
          <SortHeader label="Permissions" {...sortLink(path, params, "permissions")} />
          <SortHeader label="Applies to" {...sortLink(path, params, "accounts")} />
          <SortHeader label="Last used" {...sortLink(path, params, "lastUsed")} />
          <SortHeader label="Created" {...sortLink(path, params, "created")} />
          <th aria-label="Actions" />
        </>
      }
    >
      {keys.map((key) => (
        <tr key={key.id}>
          <td>
            <span className={classes.name}>{key.name}</span>
          </td>
          <td data-label="Key" className={classes.fit}>
            <span className={classes.code}>…{key.hint}</span>
          </td>
          <td data-label="Permissions">{key.permissionsText}</td>
          <td data-label="Applies to">
            <span>
              {key.accounts ?? "all accounts"}
              <Limits apiKey={key} />
            </span>
          </td>
          <td data-label="Last used" className={classes.fit}>
            {key.lastUsedAt ? <RelativeTime at={key.lastUsedAt} /> : "never"}
          </td>
          <td data-label="Created">
            <span>
              <RelativeTime at={key.createdAt} /> by {key.createdByName}
              {key.makerNote && ` (${key.makerNote})`}
            </span>
          </td>
          <td className={classes.action}>
            <RevokeApiKeyButton id={key.id} name={key.name} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** Where from, how often and until when, where that is limited. */
function Limits({ apiKey }: { apiKey: ApiKeyRow }) {
  const { addresses, requestsPerMinute, expiresAt } = apiKey;
  const limits = [
    ...(addresses.length > 0 ? [`from ${addresses.join(", ")}`] : []),
    ...(requestsPerMinute === null ? [] : [`${requestsPerMinute} per minute`]),
  ];
  if (limits.length === 0 && !expiresAt) return null;
  return (
    <span className={classes.second}>
      {limits.join(" · ")}
      {limits.length > 0 && expiresAt && " · "}
      {expiresAt && "ends "}
      {expiresAt && <ExpiryText at={expiresAt} />}
    </span>
  );
}
