

  	 select 1 

