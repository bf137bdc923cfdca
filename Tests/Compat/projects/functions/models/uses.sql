select {{ function('doubled') }}(21) as answer, {{ function('functions', 'greeting') }}('世界') as hello
