select 1​
