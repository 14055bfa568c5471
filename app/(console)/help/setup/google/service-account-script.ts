/**
 * Creates the project, service account and key in one go, and prints what to enter for the domain
 * (Google, "gcloud iam service-accounts").
 */
export const SERVICE_ACCOUNT_SCRIPT = `set -eu
project=postkey-$(date +%s)
gcloud projects create "$project" --name Postkey
gcloud services enable gmail.googleapis.com --project "$project"
gcloud iam service-accounts create postkey --display-name Postkey --project "$project"
account="postkey@$project.iam.gserviceaccount.com"
gcloud iam service-accounts keys create postkey-key.json --iam-account "$account" --project "$project"
echo "Key file:     postkey-key.json"
echo "Client ID:    $(gcloud iam service-accounts describe "$account" --project "$project" \\
  --format 'value(uniqueId)')"
echo "OAuth scopes: https://mail.google.com/"`;
