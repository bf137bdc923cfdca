#!/usr/bin/env bash
# Lists a Makefile's targets with their texts in both languages, or (--examples) calls to copy.
set -euo pipefail

if [ "$1" = --examples ]; then
  cat <<'TEXT'
From nothing to an analysed tenant            ゼロから分析まで
  make quick-start

A tenant of your own                          自分のテナント
  make tenant-create-and-run TENANT=my_company
  make analysis-basic        TENANT=my_company
  make analysis-all          TENANT=my_company
  make db-connect            TENANT=my_company
  make tenant-clean-dynamic  TENANT=my_company

The tenants that dbt_project.yml defines      定義済みのテナント
  make tenant-a
  make tenant-b

One step at a time                            ステップごとに
  make dbt-seed TENANT=my_company
  make dbt-run  TENANT=my_company
  make dbt-test TENANT=my_company

Which server                                  サーバーの選択
  make up TENON_SERVER=local                  # a private PostgreSQL / 専用 PostgreSQL
  make up TENON_SERVER=docker                 # Docker Compose
  PGHOST=db.example.com make status TENON_SERVER=external
TEXT
  exit
fi

echo 'usage: make TARGET [TENANT=name] [TENON_SERVER=local|docker|external]'
awk '
  /^##@ / {
    sub(/^##@ /, ""); split($0, text, " [|] ")
    printf "\n%s  %s\n", text[1], text[2]
  }
  /^[a-z-]+:.* ## / {
    name = $0; sub(/:.*/, "", name)
    sub(/^.* ## /, ""); split($0, text, " [|] ")
    printf "  %-22s %-58s %s\n", name, text[1], text[2]
  }
' "$1"
