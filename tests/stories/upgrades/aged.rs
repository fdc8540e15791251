//! A database with the structure of an earlier version, filled with the rows of today's as far as it has room for them.

use std::{collections::BTreeMap, path::Path};

use sqlx::{
    AssertSqlSafe, PgPool, SqlitePool, migrate::Migrator, postgres::PgPoolOptions,
    sqlite::SqliteConnectOptions,
};
use tempfile::TempDir;
use yikouqing::store::Store;

/// Table → its columns and rows.
pub(super) type Rows = BTreeMap<String, Table>;

pub(super) struct Table {
    columns: Vec<String>,
    /// A JSON array of objects.
    pub(super) rows: String,
}

/// Every version there was, today's as well.
pub(super) fn versions() -> Vec<i64> {
    let migrator = sqlx::migrate!();
    migrator.iter().map(|step| step.version).collect()
}

/// Everything in a file of today's.
pub(super) async fn rows_of(store: &Store) -> Rows {
    let Store::Sqlite { readers, .. } = store else {
        panic!("the past is a file");
    };
    let mut all = Rows::new();
    for name in tables_of_file(readers).await {
        let columns = columns_of_file(readers, &name).await;
        let pairs: Vec<String> = columns.iter().map(|c| format!("'{c}', {c}")).collect();
        let sql = format!(
            "SELECT json_group_array(json_object({})) FROM {name}",
            pairs.join(", ")
        );
        let rows = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(readers);
        let rows: String = rows.await.expect("rows");
        all.insert(name, Table { columns, rows });
    }
    all
}

pub(super) async fn fill_file(url: &str, version: i64, rows: &Rows) {
    let options: SqliteConnectOptions = url.parse().expect("a path");
    let options = options.create_if_missing(true).foreign_keys(false);
    let pool = SqlitePool::connect_with(options).await.expect("a file");
    up_to(version).await.run(&pool).await.expect("a structure");
    for name in tables_of_file(&pool).await {
        let columns = columns_of_file(&pool, &name).await;
        let table = must_have(rows, &name, &columns);
        let values: Vec<String> = columns.iter().map(|c| format!("value->>'{c}'")).collect();
        let sql = format!(
            "INSERT INTO {name} ({}) SELECT {} FROM json_each($1) {}",
            columns.join(", "),
            values.join(", "),
            unless_new(&name, "value->>'name'")
        );
        let filled = sqlx::query(AssertSqlSafe(sql)).bind(&table.rows);
        filled.execute(&pool).await.expect("its rows");
    }
    pool.close().await;
}

pub(super) async fn fill_schema(url: &str, version: i64, rows: &Rows) {
    // Rows come in the order of names: nothing is checked that today's database has checked.
    let pool = PgPoolOptions::new().max_connections(1).connect(url).await;
    let pool = pool.expect("a schema");
    up_to(version).await.run(&pool).await.expect("a structure");
    let relaxed = sqlx::query("SET session_replication_role = replica");
    relaxed.execute(&pool).await.expect("a superuser");
    for name in tables_of_schema(&pool).await {
        let columns = columns_of_schema(&pool, &name).await;
        let table = must_have(rows, &name, &columns);
        let columns = columns.join(", ");
        let sql = format!(
            "INSERT INTO {name} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{name}, $1::json) AS x {}",
            unless_new(&name, "x.name")
        );
        let filled = sqlx::query(AssertSqlSafe(sql)).bind(&table.rows);
        filled.execute(&pool).await.expect("its rows");
    }
    pool.close().await;
}

/// The version rows are there from the beginning, and a later version's are for its migration to make.
fn unless_new(table: &str, name: &str) -> String {
    if table != "versions" {
        return String::new();
    }
    format!(
        "WHERE {name} IN (SELECT name FROM versions)
         ON CONFLICT (name) DO UPDATE SET number = excluded.number, value = excluded.value"
    )
}

/// What a version had and today's has not, this test cannot make up: then say here what stood there.
fn must_have<'a>(rows: &'a Rows, name: &str, columns: &[String]) -> &'a Table {
    let table = rows.get(name).unwrap_or_else(|| panic!("no {name} today"));
    for column in columns {
        assert!(table.columns.contains(column), "no {name}.{column} today");
    }
    table
}

async fn up_to(version: i64) -> Migrator {
    let folder = TempDir::new().expect("a folder");
    let all = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"));
    for file in all.expect("migrations") {
        let path = file.expect("a file").path();
        if version_of(&path) <= version {
            let name = path.file_name().expect("a name");
            std::fs::copy(&path, folder.path().join(name)).expect("a copy");
        }
    }
    Migrator::new(folder.path()).await.expect("migrations")
}

fn version_of(path: &Path) -> i64 {
    let name = path.file_name().expect("a name").to_string_lossy();
    let number = name.split('_').next().expect("a number");
    number.parse().expect("a number")
}

async fn tables_of_file(pool: &SqlitePool) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> '_sqlx_migrations'";
    let found = sqlx::query_scalar(sql).fetch_all(pool).await;
    found.expect("tables")
}

async fn columns_of_file(pool: &SqlitePool, table: &str) -> Vec<String> {
    let sql = "SELECT name FROM pragma_table_info($1)";
    let found = sqlx::query_scalar(sql).bind(table).fetch_all(pool).await;
    found.expect("columns")
}

async fn tables_of_schema(pool: &PgPool) -> Vec<String> {
    let sql = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() AND tablename <> '_sqlx_migrations'";
    let found = sqlx::query_scalar(sql).fetch_all(pool).await;
    found.expect("tables")
}

async fn columns_of_schema(pool: &PgPool, table: &str) -> Vec<String> {
    let sql = "SELECT column_name::text FROM information_schema.columns
               WHERE table_schema = current_schema() AND table_name = $1";
    let found = sqlx::query_scalar(sql).bind(table).fetch_all(pool).await;
    found.expect("columns")
}
