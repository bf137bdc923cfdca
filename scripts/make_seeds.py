#!/usr/bin/env python3
"""Write the reference project's seeds: seeds/{regions,products,customers,orders}.csv.

The data is invented, but hangs together: every order names a customer who had registered and a product
that was on sale that day, and its amount follows from the product's price. The generator is seeded, so a
second call writes the same bytes.

usage: scripts/make_seeds.py [FOLDER]        (default: seeds/ beside this script's folder)
"""

import csv
import datetime as dt
import pathlib
import random
import sys
from decimal import Decimal

FIRST_DAY = dt.date(2024, 1, 1)
LAST_DAY = dt.date(2025, 6, 30)
CUSTOMERS = 300
ORDERS = 4000

REGIONS = [
    "北海道", "東北", "関東", "中部", "近畿", "中国・四国", "九州・沖縄",
    "Europe, West", "Europe, Central & East", "Asia-Pacific", "Americas",
]

# name, category, price, days on sale before the first order day (negative: launched later)
PRODUCTS = [
    ("Mechanical Keyboard 87 (日本語配列)", "Electronics", "12800.00", 420),
    ("Noise-Cancelling Headphones", "Electronics", "24800.00", 300),
    ("USB-C Dock, 8 ports", "Electronics", "9980.00", 210),
    ("ポータブルSSD 1TB", "Electronics", "13480.00", 500),
    ("27\" Monitor, 4K", "Electronics", "42800.00", 130),
    ("Wireless Mouse", "Electronics", "3980.00", 800),
    ("Webcam 1080p", "Electronics", "6480.00", -120),
    ("はじめてのSQL", "Books", "2860.00", 900),
    ("データ基盤の設計", "Books", "3740.00", 250),
    ("Cien recetas de España", "Books", "2980.50", 365),
    ("Les Misérables, tome I", "Books", "1650.00", 1000),
    ("図解 統計入門", "Books", "2200.00", -60),
    ("南部鉄器 急須", "Home & Kitchen", "8800.00", 640),
    ("Chef's Knife, 21 cm", "Home & Kitchen", "15400.00", 410),
    ("Café Press", "Home & Kitchen", "4280.00", 95),
    ("有田焼 飯碗 2個セット", "Home & Kitchen", "5500.00", 720),
    ("Cotton Towels, set of 4", "Home & Kitchen", "2980.00", 330),
    ("Rain Jacket", "Clothing", "16800.00", 260),
    ("メリノウール 靴下", "Clothing", "1980.00", 480),
    ("Denim Apron", "Clothing", "7480.00", 150),
    ("作務衣 (M)", "Clothing", "9900.00", 610),
    ("Smørrebrød T-Shirt", "Clothing", "3200.00", -200),
    ("宇治抹茶 100g", "Food & Drink", "1890.00", 700),
    ("Olive Oil, extra virgin, 750 ml", "Food & Drink", "2480.00", 380),
    ("讃岐うどん 10束", "Food & Drink", "1280.00", 560),
    ("Ethiopian Coffee, whole bean", "Food & Drink", "1750.25", 220),
    ("味噌 詰め合わせ", "Food & Drink", "3300.00", -30),
    ("Yoga Mat", "Sports", "5980.00", 340),
    ("Trail Running Shoes", "Sports", "14300.00", 190),
    ("Folding Bicycle 20\"", "Sports", "68000.00", -150),
]

FAMILY_JA = "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 松本 井上 木村 林 清水 斎藤 長谷川 髙島 𠮷野".split()
GIVEN_JA = "陽葵 蓮 結衣 湊 凛 颯太 さくら 大翔 美咲 樹 葵 健一 千尋 直樹 ひかり 悠真 七海 一郎 薫 誠".split()
ROMAN_JA = "sato suzuki takahashi tanaka ito watanabe yamamoto nakamura kobayashi kato yoshida yamada sasaki matsumoto inoue kimura hayashi shimizu saito hasegawa takashima yoshino".split()
OTHERS = [
    ("José Álvarez", "jose.alvarez"), ("Zoë Müller", "zoe.mueller"), ("Søren Kjær", "soren.kjaer"),
    ("Łukasz Wójcik", "lukasz.wojcik"), ("Renée Lefèvre", "renee.lefevre"), ("Ana Conceição", "ana.conceicao"),
    ("Дмитрий Соколов", "d.sokolov"), ("Ελένη Παπαδοπούλου", "eleni.p"), ("김민준", "minjun.kim"),
    ("이서연", "seoyeon.lee"), ("王小明", "wang.xiaoming"), ("陳美玲", "chen.meiling"),
    ("Nguyễn Thị Hương", "huong.nguyen"), ("Çağla Yılmaz", "cagla.yilmaz"), ("नेहा शर्मा", "neha.sharma"),
    ("Sinéad O'Brien", "sinead.obrien"), ("D'Angelo Rossi", "dangelo.rossi"), ("Björk Guðmundsdóttir", "bjork.g"),
    ("Smith, John Jr.", "john.smith"), ("García, María", "maria.garcia"), ("van den Berg, Anna", "anna.vdberg"),
    ("William \"Bill\" Carter", "bill.carter"), ("Mary Johnson", "mary.johnson"), ("Ahmed El-Sayed", "ahmed.elsayed"),
    ("Katarzyna Nowak", "k.nowak"), ("Jean-Luc Dubois", "jl.dubois"), ("Ingrid Åström", "ingrid.astrom"),
    ("Oluwaseun Adébáyò", "seun.adebayo"), ("Peter Nagy 🚲", "peter.nagy"), ("Emma Brown", "emma.brown"),
]
MAIL_HOSTS = ["example.com", "example.jp", "mail.example.org", "example.co.jp", "example.net"]


def write(folder, name, header, rows):
    with open(folder / name, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def customers(rng):
    rows = []
    for number in range(1, CUSTOMERS + 1):
        if rng.random() < 0.68:
            pick = rng.randrange(len(FAMILY_JA))
            name = f"{FAMILY_JA[pick]} {rng.choice(GIVEN_JA)}"
            mail, region = f"{ROMAN_JA[pick]}{number}", rng.choice([1, 2, 3, 3, 3, 3, 4, 4, 5, 5, 5, 6, 7])
        else:
            name, mail = rng.choice(OTHERS)
            mail, region = f"{mail}{number}", rng.choice([8, 8, 9, 10, 10, 11])
        mail = f"{mail}@{rng.choice(MAIL_HOSTS)}"
        # Registrations begin a year before the first order and thin out towards the end.
        joined = FIRST_DAY - dt.timedelta(days=365) + dt.timedelta(days=int(860 * rng.random() ** 1.25))
        moment = dt.datetime.combine(joined, dt.time(rng.randrange(24), rng.randrange(60), rng.randrange(60)))
        rows.append([number, name, mail, moment, region])
    # What real exports look like: missing and mistyped fields, capitals, stray blanks.
    for number in (17, 88, 143, 201, 266):
        rows[number - 1][2] = ""
    for number, wrong in ((39, "tanaka.example.jp"), (120, "k.nowak@@example.com"), (233, "no mail")):
        rows[number - 1][2] = wrong
    for number in (5, 64, 178):
        rows[number - 1][2] = rows[number - 1][2].upper()
    for number in (52, 249):
        rows[number - 1][1] = ""
    for number in (28, 91, 160, 222, 287):
        rows[number - 1][4] = ""
    rows[73][1] = f"  {rows[73][1]} "
    return rows


def orders(rng, customer_rows, products):
    days = (LAST_DAY - FIRST_DAY).days + 1
    weights = []
    for offset in range(days):
        day = FIRST_DAY + dt.timedelta(days=offset)
        weight = 1.0 + 0.9 * offset / days  # the shop grows
        weight *= {5: 1.35, 6: 1.5}.get(day.weekday(), 1.0)
        weight *= {12: 1.5, 7: 1.15, 2: 0.85}.get(day.month, 1.0)
        weights.append(weight)
    loyalty = {row[0]: rng.lognormvariate(0, 0.9) for row in customer_rows}
    for number in rng.sample(sorted(loyalty), 18):
        loyalty[number] = 0  # registered, never bought
    appeal = [rng.lognormvariate(0, 0.6) for _ in products]
    picked = sorted(rng.choices(range(days), weights, k=ORDERS))
    rows = []
    for number, offset in enumerate(picked, start=1):
        day = FIRST_DAY + dt.timedelta(days=offset)
        known = [row[0] for row in customer_rows if row[3].date() <= day]
        on_sale = [at for at, row in enumerate(products) if row[4].date() <= day]
        customer = rng.choices(known, [loyalty[number_] for number_ in known])[0]
        product = products[rng.choices(on_sale, [appeal[at] for at in on_sale])[0]]
        quantity = rng.choices([1, 2, 3, 4, 5, 10], [62, 20, 9, 4, 3, 2])[0]
        amount = Decimal(product[3]) * quantity
        if rng.random() < 0.12:  # a coupon
            amount = (amount * Decimal("0.90")).quantize(Decimal("0.01"))
        rows.append([10000 + number, customer, product[0], day, quantity, amount])
    return rows


def main():
    top = pathlib.Path(__file__).resolve().parent.parent
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else top / "seeds"
    rng = random.Random(20240101)
    products = []
    for number, (name, category, price, age) in enumerate(PRODUCTS, start=1):
        launched = FIRST_DAY - dt.timedelta(days=age)
        products.append([number, name, category, price, dt.datetime.combine(launched, dt.time(9, 0))])
    customer_rows = customers(rng)
    write(folder, "regions.csv", ["region_id", "region_name"], enumerate(REGIONS, start=1))
    write(
        folder, "products.csv",
        ["product_id", "product_name", "product_category", "product_price", "product_created_at"], products)
    write(
        folder, "customers.csv",
        ["customer_id", "customer_name", "customer_email", "customer_created_at", "region_id"], customer_rows)
    write(
        folder, "orders.csv",
        ["order_id", "customer_id", "product_id", "order_date", "quantity", "total_amount"],
        orders(rng, customer_rows, products))


if __name__ == "__main__":
    main()
