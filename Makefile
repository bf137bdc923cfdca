# Every target is a thin line over `tenon` or a script: `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

SWIFT ?= swift
# The text as it was typed, never expanded by make: $$(…) in a name must stay text. Recipes read "$$TENANT".
override TENANT := $(value TENANT)
export TENANT

# The tool, and the same with the server that `up` chose in its environment.
TENON := .build/release/tenon
tenon := scripts/with_server.sh $(TENON)
SOURCES := Package.swift $(shell find Sources)

##@ Information | 情報

help: ## List every target | すべてのターゲットを表示
	@scripts/help.sh Makefile

examples: ## Show calls to copy | よく使うコマンドの例
	@scripts/help.sh --examples

info: $(TENON) ## Show versions, the server and the tenants | バージョン・サーバー・テナントの概要
	@scripts/info.sh

version: $(TENON) ## Show tenon's version | tenon のバージョン
	@$(TENON) --version

##@ Basics | 基本

setup: ## Install what is missing (PostgreSQL, libpq, libyaml) | 不足しているものをインストール
	@scripts/setup.sh

build: $(TENON) ## Build tenon (release) | tenon をビルド

clean: ## Remove the server with its data, target/ and .tenon/ | サーバーとデータ、target/、.tenon/ を削除
	@scripts/clean.sh

up: $(TENON) ## Start the PostgreSQL server | PostgreSQL サーバーを起動
	@scripts/server.sh up

down: $(TENON) ## Stop the server; data stays | サーバーを停止(データは残る)
	@scripts/server.sh down

status: $(TENON) ## Tell whether the server runs | サーバーの状態
	@scripts/server.sh status

##@ Tenants | テナント

tenant-a: $(TENON) need-up ## Create and run tenant_a | tenant_a を作成して実行
	@$(tenon) tenant run -- tenant_a

tenant-b: $(TENON) need-up ## Create and run tenant_b | tenant_b を作成して実行
	@$(tenon) tenant run -- tenant_b

tenant-create: need-tenant $(TENON) need-up ## Create a tenant (TENANT=name) | テナントを作成
	@$(tenon) tenant create -- "$$TENANT"

tenant-run: need-tenant $(TENON) need-up ## Seed, run and test a tenant, created if missing | テナントの seed・run・test
	@$(tenon) tenant run -- "$$TENANT"

tenant-create-and-run: need-tenant $(TENON) need-up ## Create a tenant, then run it | テナントを作成して実行
	@$(tenon) tenant create -- "$$TENANT"
	@$(tenon) tenant run -- "$$TENANT"

tenant-clean: $(TENON) need-up ## Drop tenant_a and tenant_b with their data | tenant_a と tenant_b を削除
	@scripts/drop_tenant.sh tenant_a tenant_b

tenant-clean-dynamic: need-tenant $(TENON) need-up ## Drop a tenant with its data (TENANT=name) | テナントを削除
	@scripts/drop_tenant.sh "$$TENANT"

##@ Analysis | 分析

analysis-basic: need-tenant $(TENON) need-up ## What is in the tenant's database | 基本データ分析
	@scripts/run_analysis.sh "$$TENANT" basic

analysis-dashboard: need-tenant $(TENON) need-up ## Sales month by month | 売上ダッシュボード
	@scripts/run_analysis.sh "$$TENANT" dashboard

analysis-products: need-tenant $(TENON) need-up ## Products by what they earned | 商品分析
	@scripts/run_analysis.sh "$$TENANT" products

analysis-all: need-tenant $(TENON) need-up ## All five analyses | すべての分析
	@scripts/run_analysis.sh "$$TENANT" all

##@ dbt's commands | dbt コマンド

dbt-debug: need-tenant $(TENON) need-up ## Check the project and the connection | 設定と接続を確認
	@$(tenon) debug --tenant="$$TENANT"

dbt-seed: need-tenant $(TENON) need-up ## Load the CSV files | CSV を読み込む
	@$(tenon) seed --tenant="$$TENANT"

dbt-run: need-tenant $(TENON) need-up ## Build the models | モデルを作成
	@$(tenon) run --tenant="$$TENANT"

dbt-test: need-tenant $(TENON) need-up ## Test the data | データテスト
	@$(tenon) test --tenant="$$TENANT"

dbt-snapshot: need-tenant $(TENON) need-up ## Record what changed | スナップショット
	@$(tenon) snapshot --tenant="$$TENANT"

dbt-compile: need-tenant $(TENON) need-up ## Write the SQL to target/compiled | SQL を生成
	@$(tenon) compile --tenant="$$TENANT"

docs-generate: need-tenant $(TENON) need-up ## Write the documentation site to target/ | ドキュメントを生成
	@$(tenon) docs generate --tenant="$$TENANT"

docs-serve: need-tenant $(TENON) need-up ## Serve the documentation site on port 8080 | ドキュメントを公開
	@$(tenon) docs serve --tenant="$$TENANT"

##@ Database | データベース

db-connect: need-tenant $(TENON) need-up ## psql in the tenant's database | テナントのデータベースに psql で接続
	@scripts/db.sh connect "$$TENANT"

db-status: $(TENON) need-up ## The server, its databases and sessions | サーバーとデータベースの状態
	@scripts/db.sh status

db-list-tenants: $(TENON) need-up ## List the tenants | テナントの一覧
	@$(tenon) tenant list

db-tables: need-tenant $(TENON) need-up ## The tenant's tables and views | テーブルとビューの一覧
	@scripts/db.sh tables "$$TENANT"

db-schemas: need-tenant $(TENON) need-up ## The tenant's schemas | スキーマの一覧
	@scripts/db.sh schemas "$$TENANT"

db-tenant-info: need-tenant $(TENON) need-up ## A tenant's database, bucket and paths | テナントの情報
	@$(tenon) tenant info -- "$$TENANT"

db-create-schemas: need-tenant $(TENON) need-up ## Create the tenant's schemas if missing | スキーマを作成
	@$(tenon) tenant create -- "$$TENANT"

##@ Tests | テスト

test: $(TENON) ## The whole test suite of the program | プログラムの全テスト
	@scripts/test.sh

test-all: $(TENON) need-up ## Run and check tenant_a and tenant_b, and their analyses | 全テナントと分析のテスト
	@scripts/test_tenant.sh tenant_a tenant_b
	@scripts/run_analysis.sh --check tenant_a all
	@scripts/run_analysis.sh --check tenant_b all

test-tenant: need-tenant $(TENON) need-up ## Run a tenant, its tests and the isolation check | テナントのテスト
	@scripts/test_tenant.sh "$$TENANT"

test-analysis: need-tenant $(TENON) need-up ## Check that every analysis of a tenant gives rows | 分析のテスト
	@scripts/run_analysis.sh --check "$$TENANT" all

compat: $(TENON) ## Compare with dbt-core: compiled SQL and manifest | dbt-core との比較
	@scripts/compat.sh

fuzz: $(TENON) ## A minute of random templates | ランダムなテンプレートで 1 分間テスト
	@scripts/fuzz.py --tenon $(TENON) --seconds 60

faults: $(TENON) ## Kill runs and servers, fill disks; see that nothing is half done | 障害テスト
	@scripts/fault.py --tenon $(TENON)

##@ Demonstration | デモ

quick-start: override TENANT := $(or $(TENANT),tenant_a)
quick-start: check-tenant $(TENON) need-up ## From nothing to an analysed tenant | ゼロから分析まで一気に
	@$(tenon) tenant run -- "$$TENANT"
	@scripts/run_analysis.sh "$$TENANT" basic

demo: $(TENON) need-up ## Two tenants side by side and a dashboard | 2 つのテナントとダッシュボードのデモ
	@$(tenon) tenant run -- tenant_a
	@$(tenon) tenant run -- demo-company
	@$(tenon) tenant list
	@scripts/run_analysis.sh demo-company dashboard

##@ Developers | 開発者向け

dev-shell: override TENANT := $(or $(TENANT),tenant_a)
dev-shell: check-tenant $(TENON) need-up ## A shell with TENANT_NAME, PG* and PATH set | 環境変数を設定したシェル
	@scripts/dev_shell.sh "$$TENANT"

dev-logs: $(TENON) ## The server's last log lines | サーバーのログ
	@scripts/server.sh logs

dev-reset: $(TENON) ## Start over with an empty server | サーバーを初期化
	@scripts/server.sh reset

format: ## Format the Swift sources | Swift ソースを整形
	@$(SWIFT) format --in-place --recursive --parallel Sources Tests Package.swift

lint: ## Check the Swift format and the list of macros | Swift の整形とマクロ一覧を検査
	@$(SWIFT) format lint --strict --recursive --parallel Sources Tests Package.swift
	@! command -v python3 >/dev/null || scripts/macro_list.py --check

# What the targets above need.

# The folders of Sources are prerequisites too: a file that was deleted changes its folder's date. The binary is
# touched because a change may leave it as it was, and it would look stale for ever.
$(TENON): $(SOURCES) | need-setup
	$(SWIFT) build -c release --static-swift-stdlib --product tenon
	@touch $@

need-setup:
	@scripts/setup.sh --quiet

need-up: $(TENON)
	@scripts/server.sh up --quiet

need-tenant:
	@scripts/check_tenant.sh --required "$(firstword $(MAKECMDGOALS))"

check-tenant:
	@scripts/check_tenant.sh "$(firstword $(MAKECMDGOALS))"

# One thing at a time: every target may need the server and the same target/.
.NOTPARALLEL:

.PHONY: analysis-all analysis-basic analysis-dashboard analysis-products build check-tenant clean compat db-connect \
  db-create-schemas db-list-tenants db-schemas db-status db-tables db-tenant-info dbt-compile dbt-debug dbt-run \
  dbt-seed dbt-snapshot dbt-test demo dev-logs dev-reset dev-shell docs-generate docs-serve down examples format \
  faults fuzz help info lint need-setup need-tenant need-up quick-start setup status tenant-a tenant-b tenant-clean \
  tenant-clean-dynamic tenant-create tenant-create-and-run tenant-run test test-all test-analysis test-tenant up \
  version
