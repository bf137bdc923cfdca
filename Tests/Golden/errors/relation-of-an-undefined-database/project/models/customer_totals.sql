select * from {{ api.Relation.create(database=databse, schema='a', identifier='b') }}
